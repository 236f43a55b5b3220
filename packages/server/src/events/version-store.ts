import { pause } from '../runtime.ts'

/**
 * Remembers which version of each object was handled.
 *
 * @template Transaction what the handler gets to write with, in the transaction that also saves the version.
 */
export interface VersionStore<Transaction = undefined> {
  /**
   * Runs `work` if `version` is higher than all that were handled of this object, and then remembers it. If `work`
   * fails, nothing is remembered, and the error is thrown. Calls about one object run one after the other.
   *
   * @returns whether `work` ran.
   */
  advance(object: string, version: number, work: (transaction: Transaction) => Promise<void>): Promise<boolean>
}

const MAXIMUM = 100_000

/**
 * Remembers versions in the memory of this process: at most 100,000 objects, until it ends. After that, a handler can
 * get an older version once more.
 *
 * @param how.longestWait how many milliseconds to wait for earlier work about the object, where it may never end.
 */
export function memoryVersionStore(how: { longestWait?: number } = {}): VersionStore {
  const versions = new Map<string, number>()
  const queues = new Map<string, Promise<unknown>>()

  async function advance(object: string, version: number, work: () => Promise<void>): Promise<boolean> {
    if (version <= (versions.get(object) ?? Number.NEGATIVE_INFINITY)) return false
    await work()
    // Work that took longer than the longest wait may end after newer work.
    const highest = Math.max(version, versions.get(object) ?? version)
    versions.delete(object)
    versions.set(object, highest)
    if (versions.size > MAXIMUM) {
      for (const oldest of versions.keys()) {
        versions.delete(oldest)
        break
      }
    }
    return true
  }

  return {
    advance(object, version, work) {
      const earlier = queues.get(object) ?? Promise.resolve()
      const before =
        how.longestWait === undefined
          ? earlier
          : Promise.race([earlier, pause(how.longestWait, { inBackground: true })])
      const run = before.then(() => advance(object, version, async () => work(undefined)))
      const settled = run
        .catch(() => undefined)
        .finally(() => {
          if (queues.get(object) === settled) queues.delete(object)
        })
      queues.set(object, settled)
      return run
    },
  }
}

/** A connection of the package `pg`, or anything like it. */
export interface SqlClient {
  query(sql: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/**
 * Remembers versions in a table of PostgreSQL, for any number of processes. The handler writes with the same
 * transaction, so an event is applied in full or not at all, however often and in whatever order it arrives.
 *
 * ```sql
 * create table tollgate_versions (object text primary key, version bigint not null)
 * ```
 *
 * @param inTransaction runs work in a transaction, and rolls it back if the work fails.
 */
export function sqlVersionStore<Client extends SqlClient>(
  inTransaction: (work: (client: Client) => Promise<boolean>) => Promise<boolean>,
): VersionStore<Client> {
  return {
    advance: (object, version, work) =>
      inTransaction(async (client) => {
        const { rows } = await client.query(ADVANCE, [object, version])
        if (rows.length === 0) return false
        await work(client)
        return true
      }),
  }
}

/** It locks the object's row. Of two transactions, the second one waits here, and then compares with what the first left. */
const ADVANCE = `
  insert into tollgate_versions as known (object, version) values ($1, $2)
  on conflict (object) do update set version = excluded.version where known.version < excluded.version
  returning version`
