import type { EntityManager } from '@mikro-orm/postgresql'
import { CompiledQuery, type Kysely } from 'kysely'

/** SQL for the configuration's own tables, in the transaction of an entity manager or outside of one. */
export interface SqlConnection {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** `@tollgate/config` gives it the types of the configuration's tables. */
  kysely(): Kysely<unknown>
}

/** Opens a connection of the server's own pool to the configuration's statements. */
export function sqlConnectionOf(em: EntityManager): SqlConnection {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      const { rows } = await em.getKysely<unknown>().executeQuery<Row>(CompiledQuery.raw(text, [...values]))
      return rows
    },
    kysely: () => em.getKysely<unknown>(),
  }
}
