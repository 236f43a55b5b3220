import type { EntityManager } from '@mikro-orm/postgresql'
import type { Config } from '../../config.ts'
import { entities } from '../../entities.ts'
import { migrations } from '../../migrations/index.ts'
import { openDatabase } from '../../platform/database/database.ts'

/** The check for poolers needs three at once. */
const CONNECTIONS = 3

/** Opens a single connection for a few questions and closes it. */
export async function askDatabase<T>(
  { DATABASE_URL }: Pick<Config, 'DATABASE_URL'>,
  ask: (em: EntityManager) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ url: DATABASE_URL, entities, migrations, poolSize: CONNECTIONS })
  try {
    return await ask(database.em.fork())
  } finally {
    await database.close(true)
  }
}
