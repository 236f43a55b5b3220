import { TollgateMisuse, TollgateUnavailable } from '../errors.ts'
import type { Backend } from '../http/backend.ts'
import type { Settings } from '../options.ts'
import { Remembered } from '../remembered.ts'
import { introspect } from './introspect.ts'
import { createPublicKeys } from './public-keys.ts'
import { followRevocations, pollRevocations } from './revocations.ts'
import { refused, type TollgateSession, type Verification } from './session.ts'
import { tokenHash } from './token-hash.ts'
import { verifyOffline } from './verify-offline.ts'

export interface TokenVerifier {
  /** @throws {TollgateMisuse} if the backend signs with a secret and there is no service key. */
  verify(token: string | undefined): Promise<Verification>
  close(): void
}

/** How many tokens are remembered. */
const MAXIMUM = 10_000
/** How long the backend's answer about a token holds, in milliseconds. */
const ANSWER_HOLDS = 2000

export function createTokenVerifier(settings: Settings, backend: Backend): TokenVerifier {
  const { now, serviceKey, background, onError } = settings
  const keys = createPublicKeys(settings, backend)
  const follow = background ? followRevocations : pollRevocations
  const revocations = serviceKey === undefined ? undefined : follow(settings, backend)
  const verified = new Remembered<{ readonly session: TollgateSession; readonly keyId: string }>(MAXIMUM)
  const answers = new Remembered<{ readonly answer: Verification; readonly until: number }>(MAXIMUM)

  async function verifyNew(token: string, hash: string): Promise<Verification> {
    const outcome = await verifyOffline(settings, keys, token)
    if (outcome === 'signed with a secret') return askAbout(token, hash)
    if (!outcome.ok) return outcome
    const { session, issuedAt, keyId } = outcome
    revocations?.keepFor(session.expiresAt.getTime() - issuedAt)
    verified.set(hash, { session, keyId })
    return withoutEnded(session)
  }

  async function withoutEnded(session: TollgateSession): Promise<Verification> {
    if (!revocations) return { ok: true, session }
    const lost = await revocations.check()
    if (revocations.has(session.sessionId)) return refused('SESSION_ENDED', 'The session of the token has ended.')
    if (lost && !settings.acceptsWithoutRevocations) {
      const why = lost.because instanceof Error ? ` ${lost.because.message}` : ''
      return refused('UNAVAILABLE', `The list of ended sessions could not be read.${why}`)
    }
    return { ok: true, session }
  }

  /** For a backend that signs with a secret, which only itself can verify. */
  async function askAbout(token: string, hash: string): Promise<Verification> {
    if (serviceKey === undefined) {
      throw new TollgateMisuse(
        'The backend signs tokens with a secret and has no public keys. Set its ACCESS_TOKEN_PRIVATE_KEY, or pass a serviceKey with the scope introspect.',
      )
    }
    const answer = await introspect(backend, token)
    const told: Verification = answer.ok ? { ok: true, session: answer.session } : answer
    answers.set(hash, { answer: told, until: now() + ANSWER_HOLDS })
    return told
  }

  return {
    async verify(token) {
      if (token === undefined) return refused('TOKEN_MISSING', 'The request has no bearer token.')
      const hashing = tokenHash(token)
      const hash = typeof hashing === 'string' ? hashing : await hashing
      const earlier = answers.get(hash)
      if (earlier && earlier.until > now()) return earlier.answer
      try {
        const known = verified.get(hash)
        // A key that was removed from the backend's keys may have been stolen.
        const isValid = known && known.session.expiresAt.getTime() > now() && (await keys.find(known.keyId))
        return await (isValid ? withoutEnded(known.session) : verifyNew(token, hash))
      } catch (error) {
        if (error instanceof TollgateMisuse) throw error
        onError(error)
        const why =
          error instanceof TollgateUnavailable ? error.message : `The token could not be verified. ${String(error)}`
        return refused('UNAVAILABLE', why)
      }
    },
    close: () => revocations?.close(),
  }
}
