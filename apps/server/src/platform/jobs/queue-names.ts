import type { EntityManager } from '@mikro-orm/postgresql'
import { DEAD_LETTER_QUEUE } from './jobs.ts'

/**
 * The names of all queues that can have jobs: those that the program knows, and those of jobs that an earlier version or
 * an earlier configuration had. Jobs that wait there are run by no worker, so operators have to see them.
 */
export async function queueNames(em: EntityManager, known: readonly { readonly name: string }[]): Promise<string[]> {
  const rows = await em.execute<{ name: string }[]>(
    String.raw`select name from pgboss.queue where name <> ? and name not like '\_\_pgboss%'`,
    [DEAD_LETTER_QUEUE],
  )
  return [...new Set([...known, ...rows].map(({ name }) => name))]
}
