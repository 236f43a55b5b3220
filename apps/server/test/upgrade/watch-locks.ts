import { Client } from 'pg'

/** A lock of a table that keeps others from writing or reading it. */
export interface HeldLock {
  table: string
  mode: string
  /** How long it was seen, in milliseconds, rounded up to the next look. */
  ms: number
  query: string
}

/** How often to look, in milliseconds. */
const EVERY = 5

/** Looks again and again for locks that keep others from writing a table. Building an index concurrently has none. */
export function watchLocks(connectionString: string) {
  const over = new AbortController()
  const seen = new Map<string, HeldLock & { since: number }>()
  const watching = (async () => {
    const client = new Client({ connectionString })
    await client.connect()
    while (!over.signal.aborted) {
      const { rows } = await client.query<{ pid: number; table: string; mode: string; began: string; query: string }>({
        name: 'locks',
        text: `select pid, c.relname as table, mode, xact_start::text as began, query
          from pg_locks join pg_stat_activity using (pid) join pg_class c on c.oid = relation
          where granted and locktype = 'relation' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and query not ilike 'autovacuum%'
            and mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`,
      })
      const now = performance.now()
      for (const { pid, table, mode, began, query } of rows) {
        const key = `${pid} ${table} ${mode} ${began}`
        const since = seen.get(key)?.since ?? now
        seen.set(key, { table, mode, query: query.trim().slice(0, 80), since, ms: now - since + EVERY })
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY))
    }
    await client.end()
  })()
  return {
    /** @returns the locks that were seen, the longest first. */
    async stop(): Promise<HeldLock[]> {
      over.abort()
      await watching
      return [...seen.values()].toSorted((one, other) => other.ms - one.ms).map(({ since: _, ...lock }) => lock)
    },
  }
}
