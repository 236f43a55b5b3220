interface JobDatabase {
  executeSql(text: string, values: unknown[]): Promise<{ rows: { name: string }[] }>
}

/**
 * Returns the queues that have a job which is due and waits for a worker.
 *
 * One query for all queues, which reads only pg-boss's index of live jobs, once per queue and state.
 */
export async function dueQueues(database: JobDatabase, queues: readonly string[]): Promise<string[]> {
  const due = (state: string) =>
    `exists (select 1 from pgboss.job
       where name = queue.name and state = '${state}' and not blocked and start_after <= now())`
  const { rows } = await database.executeSql(
    `select name from unnest($1::text[]) as queue (name) where ${due('created')} or ${due('retry')}`,
    [queues],
  )
  return rows.map(({ name }) => name)
}
