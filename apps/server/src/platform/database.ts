import type { Constructor, EntityClass } from '@mikro-orm/core'
import { Migrator, type Migration } from '@mikro-orm/migrations'
import { MikroORM } from '@mikro-orm/postgresql'

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
    // pg-boss looks after its own schema, and the audit's triggers are written by hand.
    schemaGenerator: { ignoreSchema: ['pgboss'], ignoreTriggers: true },
    migrations: { tableName: 'migrations', migrationsList: [...migrations], snapshot: false },
    driverOptions: { application_name: 'tollgate' },
  })
}

export type Database = Awaited<ReturnType<typeof openDatabase>>
