import type { EntityManager } from '@mikro-orm/postgresql'
import { inBatchesByTick } from '../database/batches.ts'
import { runPrepared } from '../database/prepared.ts'

interface Count {
  readonly key: string
  /** A negative number takes points back. */
  readonly points: number
  /** When the key's period ends if this count begins a new one. Unix time in milliseconds. */
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

/**
 * Rows are locked in key order, so that two statements with the same keys never deadlock.
 *
 * A period never ends later than one that begins now. Otherwise, after the clock was set back by an hour, everyone over a
 * limit would wait for an hour.
 */
const COUNT = {
  name: 'count-points',
  text: `insert into rate_limits as known (key, points, expire)
     select key, points, expire from jsonb_to_recordset($1) as counted (key text, points int, expire bigint)
     order by key
     on conflict (key) do update set
       points = case when known.expire <= $2 then excluded.points else known.points + excluded.points end,
       expire = case when known.expire <= $2 then excluded.expire else least(known.expire, excluded.expire) end
     returning key, points, expire`,
}

/** Prepares counting with one statement for everything that is counted together, whichever limit it is for. */
export function createPointCounting(em: EntityManager): CountPoints {
  return inBatchesByTick(async (counts: readonly Count[]) => {
    const sums = new Map<string, Count>()
    for (const count of counts) {
      sums.set(count.key, { ...count, points: count.points + (sums.get(count.key)?.points ?? 0) })
    }
    const rows = await runPrepared<Counter>(em, COUNT, [JSON.stringify([...sums.values()]), Date.now()])
    const counters = new Map(rows.map((row) => [row.key, row]))
    // Each gets what it would have got one after the other. The last one gets what the row says now.
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
