import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { inject } from 'vitest'
import { seedPlans } from '../src/billing/index.ts'
import { entities } from '../src/entities.ts'
import { migrations } from '../src/migrations/index.ts'
import { systemClock } from '../src/platform/clock.ts'
import { openDatabase, type Database } from '../src/platform/database/database.ts'
import { createLog } from '../src/platform/log.ts'
import { migrate } from '../src/verbs/migrate.ts'

/** PostgreSQL's error when another copy of the template is in progress. */
const TEMPLATE_IN_USE = '55006'

/** Creates the database that all tests copy: migrated, with the queues and the seeded plans. */
export async function buildTemplate(adminUrl: string): Promise<{ name: string; drop(): Promise<void> }> {
  const name = newName('template')
  await asAdmin(adminUrl, `create database ${name}`)
  const url = urlOf(adminUrl, name)
  await migrate({ DATABASE_URL: url }, createLog({ level: 'warn', name: 'template' }))
  await seed(url)
  await asAdmin(adminUrl, `alter database ${name} is_template true allow_connections false`)
  const drop = async () => {
    await asAdmin(adminUrl, `alter database ${name} is_template false`)
    await asAdmin(adminUrl, `drop database ${name} with (force)`)
  }
  return { name, drop }
}

export interface TestDatabase extends AsyncDisposable {
  readonly url: string
}

/** Creates a database by copying the template, which takes about 20 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl')
  const name = newName('test')
  for (let attempt = 1; ; attempt++) {
    try {
      await asAdmin(adminUrl, `create database ${name} template ${inject('template')} strategy file_copy`)
      break
    } catch (error) {
      const inUse = error instanceof Error && 'code' in error && error.code === TEMPLATE_IN_USE
      if (!inUse || attempt === 50) throw error
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 50))
    }
  }
  return disposable(adminUrl, name)
}

/** Creates an empty database. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl')
  const name = newName('empty')
  await asAdmin(adminUrl, `create database ${name}`)
  return disposable(adminUrl, name)
}

function disposable(adminUrl: string, name: string): TestDatabase {
  return {
    url: urlOf(adminUrl, name),
    [Symbol.asyncDispose]: () => asAdmin(adminUrl, `drop database if exists ${name} with (force)`),
  }
}

/** Opens a test database of its own. Disposing of it closes and drops it. */
export async function openTestDatabase(): Promise<AsyncDisposable & { database: Database }> {
  await using stack = new AsyncDisposableStack()
  const { url } = stack.use(await createTestDatabase())
  const database = await openDatabase({ url, entities, migrations })
  stack.defer(() => database.close())
  const open = stack.move()
  return { database, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

async function seed(url: string): Promise<void> {
  const database = await openDatabase({ url, entities, migrations, poolSize: 1 })
  try {
    const em = database.em.fork()
    await seedPlans({ em, clock: systemClock })
    await em.execute("update plans set features = '{}'") // a test names those that it is about
  } finally {
    await database.close()
  }
}

async function asAdmin(adminUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

const newName = (kind: string) => `tollgate_${kind}_${randomBytes(6).toString('hex')}`

function urlOf(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}
