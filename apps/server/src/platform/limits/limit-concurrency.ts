import { Busy } from './limits.errors.ts'

/**
 * Limits how much work uses something scarce (cores, database connections) at once. Further work waits in line.
 *
 * @param options.atOnce how much work may run at once.
 * @param options.waitingLimit how much work may wait. Anything beyond throws {@link Busy}.
 * @returns runs work as soon as there is room.
 */
export function limitConcurrency({ atOnce, waitingLimit }: { atOnce: number; waitingLimit: number }) {
  const waiting: (() => void)[] = []
  let free = atOnce

  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (free > 0) free -= 1
    else {
      if (waiting.length >= waitingLimit) throw new Busy()
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}

/**
 * Lets each key run one piece of work at a time, so that a caller who sends many requests at once delays only
 * themselves.
 *
 * @param options.waitingLimit how much work of one key may wait. Anything beyond throws {@link Busy}.
 * @returns runs work as soon as the work of the same key before it is done.
 */
export function limitConcurrencyByKey({ waitingLimit }: { waitingLimit: number }) {
  const lines = new Map<string, { inTurn: ReturnType<typeof limitConcurrency>; length: number }>()

  return async function inTurnOf<T>(key: string, work: () => Promise<T>): Promise<T> {
    const line = lines.get(key) ?? { inTurn: limitConcurrency({ atOnce: 1, waitingLimit }), length: 0 }
    lines.set(key, line)
    line.length += 1
    try {
      return await line.inTurn(work)
    } finally {
      line.length -= 1
      if (line.length === 0) lines.delete(key)
    }
  }
}
