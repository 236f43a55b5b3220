import { expect, test } from 'vitest'
import { entities } from '../src/entities.ts'
import { migrations } from '../src/migrations/index.ts'
import { openDatabase } from '../src/platform/database.ts'
import { createTestDatabase } from './test-database.ts'

test('the migrations make exactly the tables that the entities describe', async () => {
  await using database = await createTestDatabase()
  const orm = await openDatabase({ url: database.url, entities, migrations })
  try {
    expect(await orm.schema.getUpdateSchemaSQL({ wrap: false })).toBe('')
    expect(await orm.migrator.getPending()).toEqual([])
  } finally {
    await orm.close()
  }
})

test('an audit row can be added and read, but not changed, removed or truncated, even by the owner', async () => {
  await using database = await createTestDatabase()
  const orm = await openDatabase({ url: database.url, entities, migrations })
  try {
    const { em } = orm
    await em.execute(
      `insert into audit_entries (id, action, target_type, target_id, created_at)
       values (gen_random_uuid(), 'test', 'user', 'x', now())`,
    )
    const refused = /can not be changed or removed/
    await expect(em.execute("update audit_entries set action = 'forged'")).rejects.toThrow(refused)
    await expect(em.execute('delete from audit_entries')).rejects.toThrow(refused)
    await expect(em.execute('truncate audit_entries')).rejects.toThrow(refused)
    expect(await em.execute('select action from audit_entries')).toEqual([{ action: 'test' }])
  } finally {
    await orm.close()
  }
})
