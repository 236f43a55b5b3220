import { setTimeout as pause } from 'node:timers/promises'
import { isLockTimeout } from '../../platform/database/lock-wait.ts'
import { SECOND } from '../../platform/durations.ts'
import { limitConcurrencyByKey } from '../../platform/limits/limit-concurrency.ts'
import { Busy } from '../../platform/limits/limits.errors.ts'

/**
 * How long a statement waits for a key, or for what is reserved, in milliseconds. Others commit these within a few. Only
 * a transaction of the configuration's own code holds them for longer.
 */
export const LOCK_WAIT = 100

/** How long a call is tried again, and the pause between two tries. A caller gives up sooner or later, too. */
const LONGEST = 10 * SECOND
const PAUSE = 100

/** Maximum number of an account's calls that wait. */
const WAITING = 1_000

/**
 * Lets calls wait whose key or counter a long transaction holds. They take turns by account, and keep no connection and
 * no lock while they wait, so that they delay no other call.
 */
export function createHeldCalls() {
  const inTurnOf = limitConcurrencyByKey({ waitingLimit: WAITING })
  const waiting = new Map<string, number>()

  return {
    /** Whether a call of the account is waiting. */
    has: (accountId: string): boolean => waiting.has(accountId),

    /**
     * Tries until the call gets its locks.
     *
     * @param work must wait for locks no longer than {@link LOCK_WAIT}.
     * @throws {Busy} after 10 s
     */
    async untilFree<T>(accountId: string, work: () => Promise<T>): Promise<T> {
      const end = performance.now() + LONGEST
      waiting.set(accountId, (waiting.get(accountId) ?? 0) + 1)
      try {
        return await inTurnOf(accountId, () => tryUntil(end, work))
      } finally {
        const left = (waiting.get(accountId) ?? 1) - 1
        if (left > 0) waiting.set(accountId, left)
        else waiting.delete(accountId)
      }
    },
  }
}

async function tryUntil<T>(end: number, work: () => Promise<T>): Promise<T> {
  while (performance.now() < end) {
    try {
      return await work()
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      await pause(PAUSE)
    }
  }
  throw new Busy()
}
