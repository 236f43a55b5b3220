import { Migration } from '@mikro-orm/migrations'
import { expect, test } from 'vitest'
import { entities } from '../src/entities.ts'
import { migrations } from '../src/migrations/index.ts'
import { openDatabase } from '../src/platform/database/database.ts'
import { listInvalidIndexes } from '../src/platform/database/invalid-indexes.ts'
import { runMigrations } from '../src/platform/database/run-migrations.ts'
import { createLog } from '../src/platform/log.ts'
import { migrate } from '../src/verbs/migrate.ts'
import { createEmptyDatabase, createTestDatabase } from './test-database.ts'

test('the migrations create exactly the schema that the entities describe', async () => {
  await using database = await createTestDatabase()
  const orm = await openDatabase({ url: database.url, entities, migrations })
  try {
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('')
    expect(await orm.migrator.getPending()).toEqual([])
  } finally {
    await orm.close()
  }
})

// `create index concurrently` waits for every statement that began before it, also for one that waits for a lock.
test('several processes migrate an empty database at once: one does, and the others wait', async () => {
  await using database = await createTestDatabase()
  const orm = await openDatabase({ url: database.url, entities, migrations })
  try {
    await orm.em.execute('drop schema public cascade; drop schema pgboss cascade; create schema public')
    const log = createLog({ level: 'silent', name: 'migrations' })
    const done = Array.from({ length: 3 }, () => migrate({ DATABASE_URL: database.url }, log))
    expect(await Promise.all(done)).toEqual([0, 0, 0])
    expect(await orm.migrator.getPending()).toEqual([])
  } finally {
    await orm.close()
  }
})

test.each([true, false])(
  'a migration that waits for the lock of a table lets writers pass, and is tried again (in a transaction: %o)',
  async (isTransactional) => {
    await using database = await createEmptyDatabase()
    const AddColumn = class extends Migration {
      override isTransactional() {
        return isTransactional
      }
      override up() {
        this.addSql('alter table things add column if not exists number int')
      }
    }
    const list = [{ name: '0001-add-column', class: AddColumn }]
    const orm = await openDatabase({ url: database.url, entities, migrations: list, lockTimeout: 200 })
    const log = createLog({ level: 'silent', name: 'migrations' })
    try {
      await orm.em.execute('create table things (id int)')
      const opened = Promise.withResolvers<void>()
      const end = Promise.withResolvers<void>()
      const reading = orm.em.fork().transactional(async (em) => {
        await em.execute('select from things')
        opened.resolve()
        await end.promise
      })
      await opened.promise
      const failed = runMigrations(orm.migrator, log, { againAfter: 10, tries: 2 }).then(String, String)
      // While the reader's transaction is open, writers wait for the migration at most until its time is over.
      for (let n = 0; n < 5; n += 1) await orm.em.fork().execute('insert into things (id) values (?)', [n])
      expect(await failed).toContain('another transaction has held it for minutes')

      const migrating = runMigrations(orm.migrator, log, { againAfter: 10, tries: 1_000 })
      end.resolve()
      await reading
      expect(await migrating).toEqual(['0001-add-column'])
      expect(await orm.em.execute('select count(number) as n, count(*) as all from things')).toEqual([
        { n: '0', all: '5' },
      ])
      expect(await runMigrations(orm.migrator, log)).toEqual([])
    } finally {
      await orm.close()
    }
  },
)

test.each(['55P03', '40P01'])(
  'a migration that ends with the code %s is tried again, and others are not',
  async (code) => {
    const log = createLog({ level: 'silent', name: 'migrations' })
    const migratorOf = (...errors: Error[]) => ({
      getPending: async () => [{ name: '0001-add-column' }],
      up: async () => {
        const error = errors.shift()
        if (error) throw error
      },
    })
    const ofLocks = new Error('from the ORM', { cause: Object.assign(new Error('from PostgreSQL'), { code }) })
    expect(await runMigrations(migratorOf(ofLocks, ofLocks), log, { againAfter: 1 })).toEqual(['0001-add-column'])
    const other = Object.assign(new Error('no such column'), { code: '42703' })
    await expect(runMigrations(migratorOf(ofLocks, other), log, { againAfter: 1 })).rejects.toBe(other)
  },
)

test('audit rows can be inserted and read, but not even their owner can update, delete or truncate them', async () => {
  await using database = await createTestDatabase()
  const orm = await openDatabase({ url: database.url, entities, migrations })
  try {
    const { em } = orm
    await em.execute(
      `insert into audit_entries (id, action, target_type, target_id, created_at)
       values (gen_random_uuid(), 'test', 'user', 'x', now())`,
    )
    const refused = /can not be changed or removed/
    for (const change of [
      "update audit_entries set action = 'forged'",
      'delete from audit_entries',
      'truncate audit_entries',
    ]) {
      await expect(em.execute(change)).rejects.toThrow(refused)
      // Ordinary triggers don't fire for a replica. Roles that may not become one get "permission denied".
      const asReplica = em.fork().transactional(async (em) => {
        await em.execute('set local session_replication_role = replica')
        await em.execute(change)
      })
      await expect(asReplica).rejects.toThrow(/can not be changed or removed|permission denied/)
    }
    expect(await em.execute('select action from audit_entries')).toEqual([{ action: 'test' }])
  } finally {
    await orm.close()
  }
})

test('amounts get 64 bits, and what the previous version reads and writes stays the same', async () => {
  await using database = await createEmptyDatabase()
  const wide = migrations.findIndex(({ name }) => name.endsWith('-wide-money'))
  const before = await openDatabase({ url: database.url, entities, migrations: migrations.slice(0, wide) })
  await before.migrator.up()
  await before.em.execute(
    `insert into users (id, email, username, username_key, created_at, updated_at)
     values ('00000000-0000-0000-0000-000000000001', 'a@example.com', 'a', 'a', now(), now())`,
  )
  // More than two ranges.
  const pay = (columns: string, values: string, count = 1) =>
    `insert into payments (id, user_id, provider, provider_invoice_id, currency, status, created_at, updated_at, ${columns})
     select gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 'stripe', gen_random_uuid(), 'idr', 'succeeded',
       now(), now(), ${values} from generate_series(1, ${count}) n`
  await before.em.execute(pay('amount_cents, refunded_cents', 'n, n - 1', 12_345))
  await before.close()

  const orm = await openDatabase({ url: database.url, entities, migrations })
  try {
    const { em } = orm
    await orm.migrator.up()
    expect(
      await em.execute(
        `select count(*)::int, bool_and(amount = amount_cents and refunded = refunded_cents) as same from payments`,
      ),
    ).toEqual([{ count: 12_345, same: true }])
    await em.execute('delete from payments')
    const rows = async () =>
      em.execute(
        'select amount::text, amount_cents, refunded::text, refunded_cents from payments order by payments.amount',
      )
    await em.execute(pay('amount_cents, refunded_cents', '5, 2'))
    await em.execute(pay('amount, refunded', '2500000000, 0'))
    expect(await rows()).toEqual([
      { amount: '5', amount_cents: 5, refunded: '2', refunded_cents: 2 },
      { amount: '2500000000', amount_cents: 2_147_483_647, refunded: '0', refunded_cents: 0 },
    ])
    await em.execute('update payments set refunded_cents = 4 where amount = 5')
    await em.execute('update payments set refunded = 2400000000 where amount > 5')
    expect(await rows()).toMatchObject([
      { refunded: '4', refunded_cents: 4 },
      { refunded: '2400000000', refunded_cents: 2_147_483_647 },
    ])
  } finally {
    await orm.close()
  }
})

test('migrate rebuilds the indexes that an interrupted build has left invalid', async () => {
  await using database = await createTestDatabase()
  const orm = await openDatabase({ url: database.url, entities, migrations })
  const log = createLog({ level: 'silent', name: 'migrations' })
  const { em } = orm
  const further = `"plan_prices" ("plan_id", "billing_period", "currency") where "is_further" = true`
  try {
    const add = (cents: number) =>
      em.execute(
        `insert into plan_prices (id, plan_id, price_cents, currency, billing_period, provider_price_id, archived_at, is_further, created_at)
      select gen_random_uuid(), id, ?, 'usd', 'yearly', gen_random_uuid()::text, now(), true, now() from plans where code = 'pro'`,
        [cents],
      )
    await em.execute('drop index plan_prices_further')
    await add(900)
    await add(901)
    await em.execute("delete from migrations where name = '0037-prices-of-plans'")
    // A build that fails leaves the same as one that is interrupted.
    await expect(em.execute(`create unique index concurrently "plan_prices_further" on ${further}`)).rejects.toThrow(
      'could not create unique index',
    )
    const migrating = () => migrate({ DATABASE_URL: database.url }, log)
    await expect(migrating()).rejects.toThrow(
      /The invalid index public\.plan_prices_further could not be rebuilt: .* Fix that, and run migrate again\./,
    )
    expect(await listInvalidIndexes(em)).toEqual([
      { name: 'public.plan_prices_further', isLeftOver: false },
      { name: 'public.plan_prices_further_ccnew', isLeftOver: true }, // of the rebuild that has failed
    ])

    await em.execute('delete from plan_prices')
    expect(await migrating()).toBe(0)
    expect(await listInvalidIndexes(em)).toEqual([])
    await add(902)
    await expect(add(903)).rejects.toThrow('plan_prices_further')
  } finally {
    await orm.close()
  }
})

test('an index that an operator rebuilds meanwhile is left alone', async () => {
  await using database = await createTestDatabase()
  const orm = await openDatabase({ url: database.url, entities, migrations })
  const { em } = orm
  try {
    const opened = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    const writing = em.fork().transactional(async (own) => {
      await own.execute('lock table plan_prices in row exclusive mode')
      opened.resolve()
      await end.promise
    })
    await opened.promise
    const rebuilding = em.fork().execute('reindex index concurrently plan_prices_further')
    const copy = "select indisvalid from pg_index where indexrelid = to_regclass('plan_prices_further_ccnew')"
    await expect.poll(() => em.execute(copy), { timeout: 10_000 }).toEqual([{ indisvalid: false }])
    expect(await listInvalidIndexes(em)).toEqual([])
    end.resolve()
    await Promise.all([writing, rebuilding])
    expect(await em.execute(copy)).toEqual([])
  } finally {
    await orm.close()
  }
})
