import { expect, test } from 'vitest'
import { entities } from '../src/entities.ts'
import { migrations } from '../src/migrations/index.ts'
import { openDatabase } from '../src/platform/database/database.ts'
import { createLog } from '../src/platform/log.ts'
import { migrate } from '../src/verbs/migrate.ts'
import { createTestDatabase } from './test-database.ts'

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
