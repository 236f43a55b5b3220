import { expect, test } from 'vitest'
import { firstOf } from '../../test/long.ts'
import { runVerb } from '../../test/server-process.ts'
import { createTestApp } from '../../test/test-app.ts'
import { createEmptyDatabase } from '../../test/test-database.ts'

test('migrate writes no color codes into a log, and serve and work say when it has not run', async () => {
  await using app = await createTestApp({}, { worker: false })
  await using empty = await createEmptyDatabase()
  const env = { DATABASE_URL: empty.url }
  for (const verb of firstOf(1, ['serve', 'work'])) {
    expect(await runVerb(app, verb, env)).toEqual({
      code: 1,
      output: 'The database has not been migrated. Run migrate first.\n',
    })
  }

  const { code, output } = await runVerb(app, 'migrate', env)
  expect(output).toMatch(/Migrated: 0001-initial, /)
  expect(output).not.toContain('\u001B')
  expect(code).toBe(0)
}, 60_000)
