import { setTimeout as sleep } from 'node:timers/promises'
import type { EntityManager } from '@mikro-orm/postgresql'
import { MINUTE } from '../durations.ts'
import type { Log } from '../log.ts'
import type { RetentionRule } from './retention-rule.ts'

/** Maximum rows per statement, so that no lock is held for long, and replicas keep up. */
const RANGE_SIZE = 1_000
/** Pause after each statement, in milliseconds, so that other work goes first. */
const PAUSE = 20
/** How long one run works. The next hour's run does the rest. */
const RUN = 4 * MINUTE

interface Limits {
  /** Ends the run after the present range. */
  stopping?: AbortSignal | undefined
  run?: number
  rangeSize?: number
}

/**
 * Deletes what the rules allow, in small ranges, each in its own transaction. The rules take turns, so that a table with
 * very many old rows does not keep the others waiting. It may stop anywhere: the next run continues.
 *
 * @returns the number of deleted rows in each table.
 */
export async function removeOld(
  { em, log }: { em: EntityManager; log: Log },
  rules: readonly RetentionRule[],
  { run = RUN, rangeSize = RANGE_SIZE, stopping }: Limits = {},
): Promise<Record<string, number>> {
  const end = performance.now() + run
  const removed: Record<string, number> = {}
  let open = rules.map((rule) => ({ rule, last: null as readonly string[] | null }))
  while (open.length > 0 && performance.now() < end) {
    const next: typeof open = []
    for (const { rule, last } of open) {
      if (stopping?.aborted) return removed
      const range = await removeRange(em, rule, { last, rangeSize })
      removed[rule.table] = (removed[rule.table] ?? 0) + range.count
      if (range.last) next.push({ rule, last: range.last })
      await sleep(PAUSE)
    }
    open = next
  }
  log.info({ removed, unfinished: open.map(({ rule }) => rule.table) }, 'old rows removed')
  return removed
}

/** Deletes the first rows after `last`, in the order of the rule's key. */
async function removeRange(
  em: EntityManager,
  { table, where, values, key, permit }: RetentionRule,
  { last, rangeSize }: { last: readonly string[] | null; rangeSize: number },
): Promise<{ count: number; last: readonly string[] | null }> {
  const columns = key.map(([name]) => name).join(', ')
  const isAfter = last ? `and (${columns}) > (${key.map(([, type]) => `?::${type}`).join(', ')})` : ''
  return em.transactional(async (em) => {
    // With outdated statistics, PostgreSQL would read the whole table for every range.
    await em.execute('set local enable_seqscan = off')
    if (permit) await em.execute('select set_config(?, ?, true)', [permit, 'on'])
    // A row that is in use is left to the next run.
    const [row] = await em.execute<{ count: number; last: string[] }[]>(
      `with old as (
         select ctid as place, ${columns} from ${table} where ${where} ${isAfter}
         order by ${columns} limit ? for update skip locked
       ), gone as (
         delete from ${table} using old where ${table}.ctid = old.place
       )
       select count(*) over ()::int as count, jsonb_build_array(${key.map(([name]) => `${name}::text`).join(', ')}) as last
       from old order by ${key.map(([name]) => `${name} desc`).join(', ')} limit 1`,
      [...values, ...(last ?? []), rangeSize],
    )
    return { count: row?.count ?? 0, last: row?.count === rangeSize ? row.last : null }
  })
}
