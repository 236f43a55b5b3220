import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstOf, longTest } from '../../../test/long.ts'
import { hasPgBouncer, startPgBouncer } from '../../../test/pgbouncer.ts'
import { runVerb, startedProcess } from '../../../test/server-process.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { entities } from '../../entities.ts'
import { migrations } from '../../migrations/index.ts'
import { openDatabase } from './database.ts'
import { checkSessionPooling, TransactionPooling } from './session-pooling.ts'

let app: TestApp
beforeAll(async () => (app = await createTestApp({}, { worker: false })))
afterAll(() => app[Symbol.asyncDispose]())

const REFUSAL =
  'DATABASE_URL leads to a pooler that pools by transaction or statement, which loses prepared statements and ' +
  'notifications. Connect to PostgreSQL directly, or set the pooler to pool by session (PgBouncer: pool_mode = session).'

test('PostgreSQL itself keeps sessions', async () => {
  expect(await checkSessionPooling(app.scope().em)).toBeUndefined()
})

// Skipped without PgBouncer: apt-get install pgbouncer.
describe.runIf(hasPgBouncer())('behind PgBouncer (skipped if it is not installed)', () => {
  const refused = { code: 1, output: `${REFUSAL}\n` }
  const envOf = ({ url }: { url: string }) => ({ DATABASE_URL: url, LOG_LEVEL: 'silent' })

  test('in transaction mode, serve, work and doctor refuse and say why', async () => {
    await using pooler = await startPgBouncer(app.deps.config.DATABASE_URL, 'transaction')
    for (const verb of firstOf(1, ['serve', 'work'])) expect(await runVerb(app, verb, envOf(pooler))).toEqual(refused)
    const { code, output } = await runVerb(app, 'doctor', envOf(pooler))
    expect(output).toContain(`WRONG  database   ${REFUSAL}`)
    expect(code).toBe(1)
  }, 90_000)

  test.each([
    ['transaction', 'server_round_robin = 1'],
    ['transaction', 'default_pool_size = 1'],
    ['statement', ''],
  ] as const)('in %s mode (%s), the check finds it, too', async (mode, settings) => {
    await using pooler = await startPgBouncer(app.deps.config.DATABASE_URL, mode, settings)
    const database = await openDatabase({ url: pooler.url, entities, migrations })
    await expect(checkSessionPooling(database.em.fork())).rejects.toThrow(TransactionPooling)
    await database.close(true)
  })

  test('in transaction mode, a server that was started before is no longer ready, and says why', async () => {
    await using pooler = await startPgBouncer(app.deps.config.DATABASE_URL, 'transaction')
    await using pooled = await createTestApp({}, { worker: false, through: async () => pooler.url })
    const answer = await fetch(`${pooled.url}/readyz`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toEqual({ status: 'not ready', message: REFUSAL })
  })

  longTest(
    'in session mode, serve and work start, and doctor finds nothing wrong with the database',
    async () => {
      await using pooler = await startPgBouncer(app.deps.config.DATABASE_URL, 'session', 'default_pool_size = 60')
      const env = { DATABASE_URL: pooler.url, PORT: '0' }
      await using processes = new AsyncDisposableStack()
      for (const verb of ['serve', 'work'] as const) processes.use(await startedProcess(app, verb, env))
      const { output } = await runVerb(app, 'doctor', env)
      expect(output).not.toContain('WRONG  database')
    },
    60_000,
  )
})
