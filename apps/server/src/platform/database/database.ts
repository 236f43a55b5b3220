import type { Constructor, EntityClass } from '@mikro-orm/core'
import { Migrator, type Migration } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'
import { SECOND } from '../durations.ts'

export interface DatabaseOptions {
  url: string
  entities: readonly EntityClass<object>[]
  migrations: readonly { name: string; class: Constructor<Migration> }[]
  poolSize?: number
}

/** Opens the ORM with its pool; the caller closes it. Nothing is sent to the database until the first query. */
export async function openDatabase({ url, entities, migrations, poolSize = 10 }: DatabaseOptions) {
  return MikroORM.init({
    clientUrl: url,
    entities: [...entities],
    extensions: [Migrator],
    pool: { max: poolSize },
    forceUtcTimezone: true,
    // pg-boss looks after its own schema; triggers and functions are written by hand.
    schemaGenerator: { ignoreSchema: ['pgboss'], ignoreTriggers: true, ignoreRoutines: true },
    migrations: { tableName: 'migrations', migrationsList: [...migrations], snapshot: false },
    driverOptions: {
      application_name: 'tollgate',
      onPoolCreated: giveBackLost,
      // A database that is out of reach is an error in the end, also while all connections to it are taken.
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
 * Gives a connection that breaks in a transaction back to its pool. Kysely releases one only after a `rollback` that
 * went well, which a broken connection never does: each would take a place in the pool with it, until a restart of
 * PostgreSQL under load leaves a server that waits for a free connection for ever.
 */
function giveBackLost(pool: { on(event: 'connect', listener: (client: PooledClient) => void): unknown }): void {
  pool.on('connect', (client) => {
    client.once('end', () => {
      try {
        client.release(true)
      } catch {
        // Nobody held it.
      }
      // Whoever did may still let go of it, too.
      client.release = () => {}
    })
  })
}
