import type { EntityClass } from '@mikro-orm/core'
import { Migrator } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'
import { MINUTE, SECOND } from '../durations.ts'
import { connectionOf } from './connection.ts'
import { LOCK_TIMEOUT, withLockTimeout, type NamedMigration } from './run-migrations.ts'

export interface DatabaseOptions {
  url: string
  entities: readonly EntityClass<object>[]
  migrations: readonly NamedMigration[]
  poolSize?: number
  /** How long a migration waits for the lock of a table, in milliseconds. */
  lockTimeout?: number
}

/** Opens the ORM with its pool. The caller closes it. Nothing is sent to the database before the first query. */
export async function openDatabase({ url, entities, migrations, poolSize = 10, lockTimeout }: DatabaseOptions) {
  const { url: clientUrl, ssl } = connectionOf(url)
  const migrationsList = migrations.map(withLockTimeout(lockTimeout ?? LOCK_TIMEOUT))
  return MikroORM.init({
    clientUrl,
    entities: [...entities],
    extensions: [Migrator],
    // The pool's own limit is 10 s. A new connection costs PostgreSQL about 20 ms of CPU, because each one reads the
    // catalog for itself.
    pool: { max: poolSize, idleTimeoutMillis: MINUTE },
    forceUtcTimezone: true,
    colors: Boolean(process.stdout.isTTY), // the ORM's migrator prints what it does; logs keep no color codes
    // pg-boss manages its own schema. Triggers and functions are written by hand.
    schemaGenerator: { ignoreSchema: ['pgboss'], ignoreTriggers: true, ignoreRoutines: true },
    // Each migration has its own transaction, or none if it creates an index without locking the table.
    migrations: { tableName: 'migrations', migrationsList, snapshot: false, allOrNothing: false },
    driverOptions: {
      application_name: 'tollgate',
      ssl,
      onPoolCreated: releaseLost,
      // Waiting for a connection ends in an error, even while the database is unreachable or all connections are in
      // use.
      connectionTimeoutMillis: 30 * SECOND,
      keepAlive: true,
    },
  })
}

export type Database = Awaited<ReturnType<typeof openDatabase>>

interface PooledClient {
  once(event: 'end', listener: () => void): unknown
  release(isLost: boolean): void
}

/**
 * Releases a connection that breaks during a transaction.
 *
 * Kysely releases it only after a successful `rollback`, which a broken connection never answers. Each would occupy a
 * place in the pool for good. After a restart of PostgreSQL under load, the server would wait for a free connection
 * forever.
 */
function releaseLost(pool: { on(event: 'connect', listener: (client: PooledClient) => void): unknown }): void {
  pool.on('connect', (client) => {
    client.once('end', () => {
      try {
        client.release(true)
      } catch {
        // The connection was not in use.
      }
      // Its holder may still release it as well, which must do nothing.
      client.release = () => {}
    })
  })
}
