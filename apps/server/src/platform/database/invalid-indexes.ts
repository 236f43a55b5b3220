import type { EntityManager } from '@mikro-orm/postgresql'
import type { Log } from '../log.ts'

/** An index whose concurrent build was interrupted. No query uses it, and a unique one may allow duplicates. */
interface InvalidIndex {
  /** With its schema, and quoted where that is needed. */
  readonly name: string
  /** Whether an interrupted rebuild made it beside the real one. */
  readonly isLeftOver: boolean
}

class IndexNotRebuilt extends Error {
  override readonly name = 'IndexNotRebuilt'

  constructor(index: string, cause: unknown) {
    // The second line may have values of a row.
    const [reason = ''] = String(cause instanceof Error ? cause.message : cause).split('\n')
    super(`The invalid index ${index} could not be rebuilt: ${reason}. Fix that, and run migrate again.`, { cause })
  }
}

/**
 * Lists the invalid indexes in the schemas of the server, of its configuration and of the queue. A table whose indexes are
 * being built is left out: while an operator rebuilds an index, its copy is invalid, too.
 */
export async function listInvalidIndexes(em: EntityManager): Promise<InvalidIndex[]> {
  const rows = await em.execute<{ name: string; is_left_over: boolean }[]>(
    `select format('%I.%I', space.nspname, index.relname) as name, index.relname ~ '_cc(new|old)[0-9]*$' as is_left_over
     from pg_index join pg_class index on index.oid = pg_index.indexrelid
       join pg_namespace space on space.oid = index.relnamespace
     where not pg_index.indisvalid and index.relkind = 'i' and space.nspname in ('public', 'app', 'pgboss')
       and not exists (select from pg_stat_progress_create_index running
         where running.datname = current_database() and running.relid = pg_index.indrelid)
     order by 1`,
  )
  return rows.map(({ name, is_left_over }) => ({ name, isLeftOver: is_left_over }))
}

/**
 * Rebuilds indexes that an interrupted `create index concurrently` has left invalid. A repeated `create … if not exists`
 * would leave them as they are. Reading and writing go on meanwhile.
 *
 * @throws {IndexNotRebuilt} such as for a unique index with duplicates.
 */
export async function rebuildInvalidIndexes(em: EntityManager, log: Log): Promise<void> {
  const invalid = await listInvalidIndexes(em)
  const [leftOver, real] = [invalid.filter((index) => index.isLeftOver), invalid.filter((index) => !index.isLeftOver)]
  for (const { name } of leftOver) await em.execute(`drop index concurrently if exists ${name}`)
  for (const { name } of real) {
    log.warn({ index: name }, 'an index is invalid, because its build was interrupted, and is rebuilt')
    try {
      await em.execute(`reindex index concurrently ${name}`)
    } catch (error) {
      throw new IndexNotRebuilt(name, error)
    }
  }
}
