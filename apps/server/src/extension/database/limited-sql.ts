import type { EntityManager } from '@mikro-orm/postgresql'
import { CompiledQuery, Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import type { SqlConnection } from './sql-connection.ts'

/**
 * Opens connections of the server's own pool to statements outside a transaction, with a time limit. PostgreSQL enforces
 * it, so a statement that never ends does not keep its connection from all other calls.
 *
 * @param em provides the connections only.
 * @param longest in milliseconds.
 */
export function limitedSqlOf(em: EntityManager, longest: number): SqlConnection {
  let kysely: Kysely<unknown> | undefined
  const open = () =>
    (kysely ??= new Kysely({ dialect: new PostgresDialect({ pool: () => limitedPoolOf(em, longest) }) }))
  return {
    async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      const { rows } = await open().executeQuery<Row>(CompiledQuery.raw(text, [...values]))
      return rows
    },
    kysely: open,
  }
}

interface Client extends PostgresPoolClient {
  release(isLost?: boolean): void
  getTransactionStatus(): string | null
}

async function limitedPoolOf(em: EntityManager, longest: number): Promise<PostgresPool> {
  const pool: Pick<PostgresPool, 'options'> & { connect(): Promise<Client> } = await em
    .getConnection()
    .getNativeClient()
  return {
    options: pool.options,
    async connect() {
      const client = await pool.connect()
      try {
        await client.query(`set statement_timeout = ${longest}`, [])
      } catch (error) {
        client.release(true)
        throw error
      }
      return { query: client.query.bind(client), release: () => void giveBack(client) }
    },
    /** The pool is the server's, and stays open. */
    end: () => Promise.resolve(),
  }
}

const NO_TRANSACTION = 'I'

/** The server's own statements don't have this limit, and must not become part of a transaction that was left open. */
async function giveBack(client: Client): Promise<void> {
  try {
    await client.query('reset statement_timeout', [])
    client.release(client.getTransactionStatus() !== NO_TRANSACTION)
  } catch {
    client.release(true)
  }
}
