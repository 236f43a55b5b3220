import { createHash, randomBytes } from 'node:crypto'
import type { Account, ProviderName } from './accounts.ts'

/** What somebody allowed a client on the authorize page. */
export interface Grant {
  readonly provider: ProviderName
  readonly account: Account
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly nonce: string | undefined
  /** S256; undefined when the client used no PKCE. */
  readonly codeChallenge: string | undefined
}

const CODE_LIFE_MS = 600_000
const TOKEN_LIFE_MS = 3_600_000

/** Codes, which work once, and the access tokens that they were exchanged for. */
export class Grants {
  readonly #codes = new Map<string, { grant: Grant; expiresAt: number }>()
  readonly #tokens = new Map<string, { grant: Grant; expiresAt: number }>()

  issueCode(grant: Grant): string {
    forgetOld(this.#codes)
    const code = randomBytes(24).toString('base64url')
    this.#codes.set(code, { grant, expiresAt: Date.now() + CODE_LIFE_MS })
    return code
  }

  /** The code is gone after this, whether or not the rest of the request is right. */
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
    if (grant.redirectUri !== claimed.redirectUri) return undefined
    return provesPossession(grant.codeChallenge, claimed.codeVerifier) ? grant : undefined
  }

  issueToken(grant: Grant, prefix: string): string {
    forgetOld(this.#tokens)
    const token = `${prefix}${randomBytes(24).toString('base64url')}`
    this.#tokens.set(token, { grant, expiresAt: Date.now() + TOKEN_LIFE_MS })
    return token
  }

  /** What a request's `Authorization` header gives access to. */
  grantOf(provider: ProviderName, authorization: string | undefined): Grant | undefined {
    const token = /^(?:Bearer|token) (\S+)$/i.exec(authorization ?? '')?.[1]
    const known = this.#tokens.get(token ?? '')
    return known && known.expiresAt >= Date.now() && known.grant.provider === provider ? known.grant : undefined
  }
}

function provesPossession(challenge: string | undefined, verifier: unknown): boolean {
  if (challenge === undefined) return verifier === undefined
  if (typeof verifier !== 'string') return false
  return createHash('sha256').update(verifier).digest('base64url') === challenge
}

function forgetOld(entries: Map<string, { expiresAt: number }>): void {
  const now = Date.now()
  for (const [key, { expiresAt }] of entries) if (expiresAt < now) entries.delete(key)
}
