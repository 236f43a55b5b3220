import { setTimeout as sleep } from 'node:timers/promises'
import { SECOND } from '../../platform/durations.ts'

export interface CallBudget {
  /** Counts one call. It doesn't wait: the call may be made under a customer's lock. */
  count(): void
  /** Waits until the calls so far fit the rate. Nothing may be locked meanwhile. */
  keepRate(): Promise<void>
  /** Number of calls so far. */
  readonly calls: number
}

/** Keeps calls below a rate, on average: it waits after them. A quiet time allows no burst later. */
export function createCallBudget(callsPerSecond: number): CallBudget {
  const interval = SECOND / callsPerSecond
  let calls = 0
  let freeAt = 0
  return {
    count() {
      calls += 1
      freeAt = Math.max(freeAt, performance.now()) + interval
    },
    async keepRate() {
      const left = freeAt - performance.now()
      if (left > 0) await sleep(left)
    },
    get calls() {
      return calls
    },
  }
}
