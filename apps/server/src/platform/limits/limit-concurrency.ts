import { DomainError } from '../errors/errors.ts'

/** More at once than can be served: better told to come back than left to wait for minutes. */
export class Busy extends DomainError {
  readonly reason = 'BUSY'
  readonly code = 'SERVICE_UNAVAILABLE'
  override readonly retryAfter = 2

  constructor() {
    super('The server is busy. Please try again in a moment.')
  }
}

/**
 * Lets so much of something scarce (cores, database connections) be used at once; further work waits its turn.
 *
 * @returns runs work in its turn. @throws {Busy} when too many are waiting already.
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
 * Lets each key have one piece of work running, so that whoever sends much at once waits for himself only.
 *
 * @returns runs work in the turn of its key. @throws {Busy} when too many of the same key are waiting already.
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
