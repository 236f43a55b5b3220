import { TooManyWaitingCalls } from '../service.errors.ts'

/** Maximum calls of one key that wait at the same time, in each process. */
const WAITING_PER_KEY = 50

/**
 * Limits how many calls of one service key wait at the same time. Calls that don't wait are not counted.
 *
 * @returns a function that throws TooManyWaitingCalls.
 */
export function limitWaiting(atOnce = WAITING_PER_KEY) {
  const waiting = new Map<string, number>()

  return async function waitFor<T>(
    { keyId, wait }: { keyId: string; wait: number },
    work: () => Promise<T>,
  ): Promise<T> {
    if (wait === 0) return work()
    const before = waiting.get(keyId) ?? 0
    if (before >= atOnce) throw new TooManyWaitingCalls(atOnce)
    waiting.set(keyId, before + 1)
    try {
      return await work()
    } finally {
      const left = (waiting.get(keyId) ?? 1) - 1
      if (left > 0) waiting.set(keyId, left)
      else waiting.delete(keyId)
    }
  }
}
