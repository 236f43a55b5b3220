import type { EntityManager } from '@mikro-orm/postgresql'
import { RateLimiterPostgres, type IRateLimiterPostgresOptions } from 'rate-limiter-flexible'
import { inBatchesByTick } from '../database/batches.ts'
import { runPrepared } from '../database/prepared.ts'

interface Count {
  readonly key: string
  /** Less than nothing gives some back. */
  readonly points: number
  /** Until when this period of the key lasts, if it is a new one; Unix time in milliseconds. */
  readonly expire: number
}

interface Counter {
  key: string
  points: number
  /** As `pg` reads a bigint. */
  expire: string
}

/** @returns the key's counter after this count. */
export type CountPoints = (count: Count) => Promise<Counter>

/** Locked in one order everywhere, so that of two statements with the same keys none waits for one that waits for it. */
const COUNT = {
  name: 'count-points',
  text: `insert into rate_limits as known (key, points, expire)
     select key, points, expire from jsonb_to_recordset($1) as counted (key text, points int, expire bigint)
     order by key
     on conflict (key) do update set
       points = case when known.expire <= $2 then excluded.points else known.points + excluded.points end,
       expire = case when known.expire <= $2 then excluded.expire else known.expire end
     returning key, points, expire`,
}

/** Prepares counting with one statement for all that is counted together, whichever limit it is for. */
export function createPointCounting(em: EntityManager): CountPoints {
  return inBatchesByTick(async (counts: readonly Count[]) => {
    const sums = new Map<string, Count>()
    for (const count of counts) {
      sums.set(count.key, { ...count, points: count.points + (sums.get(count.key)?.points ?? 0) })
    }
    const rows = await runPrepared<Counter>(em, COUNT, [JSON.stringify([...sums.values()]), Date.now()])
    const counters = new Map(rows.map((row) => [row.key, row]))
    // Each is told what it would have been told if they had come one after the other: the last one, what is there now.
    return counts
      .toReversed()
      .map(({ key, points }) => {
        const counter = counters.get(key)
        if (!counter) throw new Error('A key was counted and has no counter.')
        counters.set(key, { ...counter, points: counter.points - points })
        return counter
      })
      .toReversed()
  })
}

/** The library's limiter over {@link createPointCounting}: its statement, for many keys at once. */
export class BatchedRateLimiter extends RateLimiterPostgres {
  readonly #count: CountPoints

  constructor(count: CountPoints, options: Omit<IRateLimiterPostgresOptions, 'storeClient'>) {
    super({ ...options, storeClient: {}, storeType: 'pool', tableCreated: true, clearExpiredByTimeout: false })
    this.#count = count
  }

  /** What each of the library's stores has to bring along; `consume` and `reward` call it. */
  async _upsert(key: string, points: number, milliseconds: number): Promise<{ rows: [Counter] }> {
    return { rows: [await this.#count({ key, points, expire: Date.now() + milliseconds })] }
  }
}
