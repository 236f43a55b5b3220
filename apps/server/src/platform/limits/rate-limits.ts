import { createHash } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import { HOUR, MINUTE, SECOND } from '../durations.ts'
import { DomainError } from '../errors/errors.ts'
import { BatchedRateLimiter, createPointCounting } from './batched-rate-limiter.ts'

/** So many calls in so many milliseconds. */
export interface Limit {
  readonly points: number
  readonly within: number
}

export class RateLimited extends DomainError {
  readonly reason = 'RATE_LIMITED'
  readonly code = 'TOO_MANY_REQUESTS'
  override readonly retryAfter: number

  constructor(msToWait: number) {
    const seconds = Math.max(1, Math.ceil(msToWait / SECOND))
    super(`Too many requests. Please try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}.`)
    this.retryAfter = seconds
  }
}

/** `writes` and `reads` are shared by all replicas; `queries` are counted in each process, at the rate of reads. */
export type CallKind = 'writes' | 'reads' | 'queries'
export type GuessKind = 'password' | 'code'

export interface RateLimits {
  /**
   * Counts one call of a procedure by whoever it is counted for.
   *
   * @throws {RateLimited}
   */
  countCall(kind: CallKind, procedure: string, subject: string): Promise<void>
  /**
   * Counts a guess at an account's secret before it is checked, so that simultaneous guesses can't outrun the count.
   *
   * @param account an address, whether or not there is an account.
   * @returns how to take the guess back when it was right.
   * @throws {RateLimited}
   */
  countGuess(kind: GuessKind, account: string): Promise<{ wasRight(): Promise<void> }>
  /** Counts a mail of a kind to an account; false when there were enough of them. */
  allowsMail(kind: string, account: string): Promise<boolean>
}

const GUESSES = { points: 20, within: 15 * MINUTE }
const MAILS = { points: 5, within: HOUR }

/**
 * Limits counted in PostgreSQL, so that all replicas share them; a subject that is over its limit is remembered in
 * memory, so that a flood of calls does not become a flood of statements.
 *
 * @param em only its connections are used.
 */
export function createRateLimits(em: EntityManager, calls: { writes: Limit; reads: Limit }): RateLimits {
  const count = createPointCounting(em)
  const shared = (keyPrefix: string, { points, within }: Limit, extra: { inMemoryBlockOnConsumed?: number } = {}) =>
    new BatchedRateLimiter(count, { keyPrefix, points, duration: within / SECOND, ...extra })
  const blocking = (keyPrefix: string, limit: Limit) =>
    shared(keyPrefix, limit, { inMemoryBlockOnConsumed: limit.points + 1 })

  const callLimits: Record<CallKind, RateLimiterAbstract> = {
    writes: blocking('w', calls.writes),
    reads: blocking('r', calls.reads),
    queries: new RateLimiterMemory({
      keyPrefix: 'q',
      points: calls.reads.points,
      duration: calls.reads.within / SECOND,
    }),
  }
  // Not blocked in memory: a right guess takes itself back, also one that another replica has checked.
  const guessLimits = { password: shared('guess-password', GUESSES), code: shared('guess-code', GUESSES) }
  const mailLimit = blocking('mail', MAILS)

  return {
    async countCall(kind, procedure, subject) {
      await consume(callLimits[kind], `${procedure}:${subject}`)
    },
    async countGuess(kind, account) {
      const key = digest(account)
      await consume(guessLimits[kind], key)
      return { wasRight: async () => void (await guessLimits[kind].reward(key)) }
    },
    async allowsMail(kind, account) {
      try {
        await consume(mailLimit, `${kind}:${digest(account)}`)
        return true
      } catch (error) {
        if (error instanceof RateLimited) return false
        throw error
      }
    },
  }
}

/** For tests and load measurements. */
export const noRateLimits: RateLimits = {
  countCall: async () => {},
  countGuess: async () => ({ wasRight: async () => {} }),
  allowsMail: async () => true,
}

async function consume(limiter: RateLimiterAbstract, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) throw new RateLimited(rejection.msBeforeNext)
    throw rejection
  }
}

/** Keys are of bounded length and tell no address. */
const digest = (account: string): string => createHash('sha256').update(account).digest('base64url')
