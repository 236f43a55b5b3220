import { createHash, randomBytes } from 'node:crypto'
import type { Account, ProviderName } from './accounts.ts'

/** What a user allowed a client on the authorize page. */
export interface Grant {
  readonly provider: ProviderName
  readonly account: Account
  readonly clientId: string
  readonly redirectUri: string
  /** Whether the token request may leave out the redirect_uri. */
  readonly mayOmitRedirectUri: boolean
  readonly scopes: readonly string[]
  readonly nonce: string | undefined
  /** S256; undefined if the client didn't use PKCE. */
  readonly codeChallenge: string | undefined
}

const CODE_LIFETIME_MS = 600_000
const TOKEN_LIFETIME_MS = 3_600_000

/** Codes, which work only once, and the access tokens issued for them. */
export class Grants {
  readonly #codes = new Map<string, { grant: Grant; expiresAt: number }>()
  readonly #tokens = new Map<string, { grant: Grant; expiresAt: number }>()

  issueCode(grant: Grant): string {
    deleteExpired(this.#codes)
    const code = randomBytes(24).toString('base64url')
    this.#codes.set(code, { grant, expiresAt: Date.now() + CODE_LIFETIME_MS })
    return code
  }

  /** Uses up the code, even if the rest of the request is invalid. */
  redeem(
    code: unknown,
    claimed: { provider: ProviderName; clientId: string; redirectUri: unknown; codeVerifier: unknown },
  ): Grant | undefined {
    if (typeof code !== 'string') return undefined
    const known = this.#codes.get(code)
    this.#codes.delete(code)
    if (!known || known.expiresAt < Date.now()) return undefined
    const { grant } = known
    if (grant.provider !== claimed.provider || grant.clientId !== claimed.clientId) return undefined
    const omitted = grant.mayOmitRedirectUri && claimed.redirectUri === null
    if (!omitted && grant.redirectUri !== claimed.redirectUri) return undefined
    return provesPossession(grant.codeChallenge, claimed.codeVerifier) ? grant : undefined
  }

  issueToken(grant: Grant, prefix: string): string {
    deleteExpired(this.#tokens)
    const token = `${prefix}${randomBytes(24).toString('base64url')}`
    this.#tokens.set(token, { grant, expiresAt: Date.now() + TOKEN_LIFETIME_MS })
    return token
  }

  /**
   * The grant behind a request; undefined if its token is invalid or expired.
   *
   * @param query the `access_token` in the query, where the provider accepts one.
   */
  grantOf(provider: ProviderName, authorization: string | undefined, query?: unknown): Grant | undefined {
    const token = /^(?:Bearer|token) (\S+)$/i.exec(authorization ?? '')?.[1] ?? query
    const known = typeof token === 'string' ? this.#tokens.get(token) : undefined
    return known && known.expiresAt >= Date.now() && known.grant.provider === provider ? known.grant : undefined
  }
}

function provesPossession(challenge: string | undefined, verifier: unknown): boolean {
  if (challenge === undefined) return verifier === undefined
  if (typeof verifier !== 'string') return false
  return createHash('sha256').update(verifier).digest('base64url') === challenge
}

function deleteExpired(entries: Map<string, { expiresAt: number }>): void {
  const now = Date.now()
  for (const [key, { expiresAt }] of entries) if (expiresAt < now) entries.delete(key)
}
