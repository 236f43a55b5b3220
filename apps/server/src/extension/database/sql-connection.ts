import type { EntityManager } from '@mikro-orm/postgresql'
import { CompiledQuery, type Kysely } from 'kysely'

/** SQL for the configuration's own tables. */
export interface SqlConnection {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** `@tollgate/config` gives it the types of the configuration's tables. */
  kysely(): Kysely<unknown>
}

/** Opens the transaction of an entity manager to the configuration's statements. */
export function sqlConnectionOf(em: EntityManager): SqlConnection {
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      const { rows } = await em.getKysely<unknown>().executeQuery<Row>(CompiledQuery.raw(text, [...values]))
      return rows
    },
    kysely: () => em.getKysely<unknown>(),
  }
}
