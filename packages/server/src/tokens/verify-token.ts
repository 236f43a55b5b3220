import { TollgateMisuse } from '../errors.ts'
import type { Backend } from '../http/backend.ts'
import type { Settings } from '../options.ts'
import { Remembered } from '../remembered.ts'
import { Allowance } from './allowance.ts'
import { introspect } from './introspect.ts'
import { createPublicKeys } from './public-keys.ts'
import { followRevocations, pollRevocations } from './revocations.ts'
import { refused, type RefusedToken, type TollgateSession, type Verification } from './session.ts'
import { tokenHash } from './token-hash.ts'
import { createOfflineVerification } from './verify-offline.ts'

export interface TokenVerifier {
  /** @throws {TollgateMisuse} if the backend signs with a secret and there is no service key. */
  verify(token: string | undefined): Promise<Verification>
  close(): void
}

interface Known {
  readonly session: TollgateSession
  /** The public key that verified it. Null for a token that only the backend can verify. */
  readonly keyId: string | null
}

/** How many tokens are remembered. */
const MAXIMUM = 10_000
/** How long the backend's refusal of a token holds, in milliseconds. */
const REFUSAL_HOLDS = 30_000
/** How many tokens a second are asked about, so that made-up ones can't use up the service key's rate limit. */
const ASKED_PER_SECOND = 25

export function createTokenVerifier(settings: Settings, backend: Backend): TokenVerifier {
  const { now, serviceKey, background, onError } = settings
  const keys = createPublicKeys(settings, backend)
  const verifyOffline = createOfflineVerification(settings, keys)
  const follow = background ? followRevocations : pollRevocations
  const revocations = serviceKey === undefined ? undefined : follow(settings, backend)
  const verified = new Remembered<Known>(MAXIMUM)
  const refusals = new Remembered<{ readonly refusal: RefusedToken; readonly until: number }>(MAXIMUM)
  /** The calls that ask about a token, by its hash. */
  const underway = new Map<string, Promise<Verification>>()
  const asking = new Allowance(ASKED_PER_SECOND, now)

  /** A key that is no longer published may have been stolen. */
  function isStillGood({ session, keyId }: Known): boolean | Promise<boolean> {
    if (session.expiresAt.getTime() <= now()) return false
    return keyId === null || keys.known(keyId) !== undefined || keys.find(keyId).then((key) => key !== undefined)
  }

  async function verifyNew(token: string, hash: string): Promise<Verification> {
    const outcome = await verifyOffline(token)
    if (outcome === 'signed with a secret') return askAbout(token, hash)
    if (!outcome.ok) return outcome
    const { session, issuedAt, keyId } = outcome
    revocations?.keepFor(session.expiresAt.getTime() - issuedAt)
    verified.set(hash, { session, keyId })
    return withoutEnded(session)
  }

  /** Only the backend can verify a token that is signed with a secret. */
  async function askAbout(token: string, hash: string): Promise<Verification> {
    if (serviceKey === undefined) {
      if (!(await keys.areNone())) return refused('INVALID_TOKEN', 'The token is not signed with a public key.')
      throw new TollgateMisuse(
        'The backend signs tokens with a secret and has no public keys. Set its ACCESS_TOKEN_PRIVATE_KEY, or pass a serviceKey with the scope introspect.',
      )
    }
    const earlier = refusals.get(hash)
    if (earlier && earlier.until > now()) return earlier.refusal
    const running = underway.get(hash)
    if (running) return running
    if (!asking.take()) return refused('UNAVAILABLE', 'Too many new tokens that only the backend can verify.')
    const call = ask(token, hash).finally(() => underway.delete(hash))
    // Where a request must not wait for the work of another, each asks by itself.
    if (background) underway.set(hash, call)
    return call
  }

  async function ask(token: string, hash: string): Promise<Verification> {
    const answer = await introspect(backend, token)
    if (!answer.ok) {
      refusals.set(hash, { refusal: answer, until: now() + REFUSAL_HOLDS })
      return answer
    }
    const { session } = answer
    revocations?.keepFor(session.expiresAt.getTime() - now())
    verified.set(hash, { session, keyId: null })
    return withoutEnded(session)
  }

  async function withoutEnded(session: TollgateSession): Promise<Verification> {
    if (!revocations) return { ok: true, session }
    const checking = revocations.check()
    const lost = checking instanceof Promise ? await checking : checking
    if (revocations.has(session.sessionId)) return refused('SESSION_ENDED', 'The session of the token has ended.')
    if (!lost || settings.acceptsWithoutRevocations) return { ok: true, session }
    return refused('UNAVAILABLE', `The list of ended sessions could not be read. ${messageOf(lost.because)}`)
  }

  return {
    async verify(token) {
      if (token === undefined) return refused('TOKEN_MISSING', 'The request has no bearer token.')
      const hashing = tokenHash(token)
      const hash = typeof hashing === 'string' ? hashing : await hashing
      try {
        const known = verified.get(hash)
        const good = known && isStillGood(known)
        const isGood = good instanceof Promise ? await good : good
        return await (known && isGood ? withoutEnded(known.session) : verifyNew(token, hash))
      } catch (error) {
        if (error instanceof TollgateMisuse) throw error
        onError(error)
        return refused('UNAVAILABLE', messageOf(error))
      }
    },
    close: () => revocations?.close(),
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
