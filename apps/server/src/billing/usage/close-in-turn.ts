import { isLockTimeout } from '../../platform/database/lock-wait.ts'
import { createHeldCalls, LOCK_WAIT } from './held-calls.ts'

/**
 * Closes a reservation.
 *
 * @param close is given how long it may wait for a lock, in milliseconds; null for as long as a statement may take.
 */
export type CloseReservation = <T>(accountId: string, close: (wait: number | null) => Promise<T>) => Promise<T>

/** Waits for what other transactions hold. */
export const waiting: CloseReservation = (_accountId, close) => close(null)

/**
 * Prepares closing reservations of which a long transaction may hold the counter. The calls of such an account take
 * turns, so that they don't take all connections.
 *
 * @returns closes a reservation. It throws Busy if something is held for long.
 */
export function createClosing(): CloseReservation {
  const held = createHeldCalls()

  return async (accountId, close) => {
    const closeSoon = () => close(LOCK_WAIT)
    if (!held.has(accountId)) {
      try {
        return await closeSoon()
      } catch (error) {
        if (!isLockTimeout(error)) throw error
      }
    }
    return held.untilFree(accountId, closeSoon)
  }
}
