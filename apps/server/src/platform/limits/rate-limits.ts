import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { DAY, HOUR, MINUTE } from '../durations.ts'
import { createPointCounting } from './count-points.ts'
import { LocalLimiter, SharedLimiter, type Limit, type Limiter } from './limiters.ts'
import { RateLimited } from './limits.errors.ts'

/** `writes` and `reads` are shared by all replicas; `queries` are counted in each process, at the rate of reads. */
export type CallKind = 'writes' | 'reads' | 'queries'
export type GuessKind = 'password' | 'code'

export interface RateLimits {
  /**
   * Counts one call of a procedure.
   *
   * @param subject who the call is counted for.
   * @throws {RateLimited}
   */
  countCall(kind: CallKind, procedure: string, subject: string): Promise<void>
  /**
   * Counts a guess at an account's secret. It is counted before it is checked, so that simultaneous guesses can't
   * outrun the count.
   *
   * @param account an address, whether or not there is an account.
   * @returns how to take the guess back if it was right.
   * @throws {RateLimited}
   */
  countGuess(kind: GuessKind, account: string): Promise<{ wasRight(): Promise<void> }>
  /** Counts a mail of a kind to an account; false if it has had enough of them. */
  allowsMail(kind: string, account: string): Promise<boolean>
  /**
   * Counts an invitation that a user sends. Its mail goes to a stranger and has words of the user's choice.
   *
   * @throws {RateLimited}
   */
  countInvitation(userId: string): Promise<void>
  /**
   * Counts one call of a service key, whatever it calls.
   *
   * @throws {RateLimited}
   */
  countService(keyId: string): Promise<void>
}

const GUESSES: Limit = { points: 20, within: 15 * MINUTE }
const MAILS: Limit = { points: 5, within: HOUR }
const INVITATIONS: Limit = { points: 100, within: DAY }

/**
 * Limits counted in PostgreSQL, so that all replicas share them.
 *
 * @param em only its connections are used.
 */
export function createRateLimits(
  em: EntityManager,
  calls: { writes: Limit; reads: Limit; service: Limit },
): RateLimits {
  const count = createPointCounting(em)
  const shared = (prefix: string, limit: Limit) => new SharedLimiter(count, { prefix, ...limit, remembers: true })
  const callLimits: Record<CallKind, Limiter> = {
    writes: shared('w', calls.writes),
    reads: shared('r', calls.reads),
    queries: new LocalLimiter(calls.reads),
  }
  // Blocks are not remembered: a right guess takes itself back, also one that another replica has checked.
  const guesses = (prefix: string) => new SharedLimiter(count, { prefix, ...GUESSES, remembers: false })
  const guessLimits = { password: guesses('guess-password'), code: guesses('guess-code') }
  const mailLimit = shared('mail', MAILS)
  const invitationLimit = shared('invitation', INVITATIONS)
  const serviceLimit = shared('service', calls.service)

  return {
    countCall: (kind, procedure, subject) => callLimits[kind].consume(`${procedure}:${subject}`),
    async countGuess(kind, account) {
      const key = digest(account)
      await guessLimits[kind].consume(key)
      return { wasRight: () => guessLimits[kind].giveBack(key) }
    },
    async allowsMail(kind, account) {
      try {
        await mailLimit.consume(`${kind}:${digest(account)}`)
        return true
      } catch (error) {
        if (error instanceof RateLimited) return false
        throw error
      }
    },
    countInvitation: (userId) => invitationLimit.consume(userId),
    countService: (keyId) => serviceLimit.consume(keyId),
  }
}

/** For tests and load measurements. */
export const noRateLimits: RateLimits = {
  countCall: async () => {},
  countGuess: async () => ({ wasRight: async () => {} }),
  allowsMail: async () => true,
  countInvitation: async () => {},
  countService: async () => {},
}

/** Keeps keys short, and addresses out of the table. */
const digest = (account: string): string => createHash('sha256').update(account).digest('base64url')
