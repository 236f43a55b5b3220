import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { until } from '../../test/inbox.ts'
import { createTestDatabase, type TestDatabase } from '../../test/test-database.ts'
import { entities } from '../entities.ts'
import { migrations } from '../migrations/index.ts'
import { openDatabase, type Database } from './database.ts'
import { installQueues, route, runJobs, startRunner, startSender, stopJobs } from './job-runner.ts'
import { createJobs, DEAD_LETTER_QUEUE, defineQueue, type Jobs } from './jobs.ts'
import { createLog } from './log.ts'

const Note = defineQueue({
  name: 'note',
  schema: z.object({ text: z.string() }),
  shownFields: [],
  concurrency: 1,
  retryLimit: 2,
  retryDelay: 1,
  retryDelayMax: 2,
})

describe('a job sent in a transaction', () => {
  const log = createLog({ level: 'silent', name: 'test' })
  const runs: { text: string; at: number }[] = []
  const runsOf = (text: string) => runs.filter((run) => run.text === text)
  let server: TestDatabase
  let database: Database
  let sender: PgBoss
  let runner: PgBoss
  let jobs: Jobs

  beforeAll(async () => {
    server = await createTestDatabase()
    await installQueues(server.url, [Note], log)
    database = await openDatabase({ url: server.url, entities, migrations })
    sender = await startSender(server.url, log)
    runner = await startRunner(server.url, log)
    jobs = createJobs(sender)
    const note = route(Note, async ({ text }) => {
      runs.push({ text, at: performance.now() })
      if (text.startsWith('bad')) throw new Error('This one always fails.')
    })
    await runJobs(runner, [note], log)
  })
  afterAll(async () => {
    await stopJobs(runner)
    await stopJobs(sender)
    await database.close()
    await server[Symbol.asyncDispose]()
  })

  const commit = async (text: string) => {
    await database.em.fork().transactional(async (em) => {
      await jobs.send(em, Note, { text })
      await em.execute('select pg_sleep(0.05)')
      expect(runsOf(text)).toHaveLength(0)
    })
    return performance.now()
  }

  test('wakes a worker within 50 ms of the commit, and not before it', async () => {
    const waits: number[] = []
    for (let n = 0; n < 15; n++) {
      const committedAt = await commit(`quick ${n}`)
      const [run] = await until('the job', async () => runsOf(`quick ${n}`).length > 0 && runsOf(`quick ${n}`))
      waits.push((run?.at ?? Infinity) - committedAt)
    }
    const median = waits.toSorted((a, b) => a - b)[7]
    expect(median).toBeLessThan(50)
  })

  test('goes with a rollback', async () => {
    const rolledBack = database.em.fork().transactional(async (em) => {
      await jobs.send(em, Note, { text: 'never' })
      throw new Error('Changed my mind.')
    })
    await expect(rolledBack).rejects.toThrow('Changed my mind.')
    await commit('after the rollback')
    await until('the next job', async () => runsOf('after the rollback').length > 0)
    expect(runsOf('never')).toHaveLength(0)
    expect(await runner.findJobs('note', { data: { text: 'never' } })).toHaveLength(0)
  })

  test('is refused outside of one, where it would be sent on another connection', async () => {
    await expect(jobs.send(database.em.fork(), Note, { text: 'astray' })).rejects.toThrow('outside a transaction')
  })

  test('is tried again on time when it fails, then parked in the dead-letter queue', async () => {
    await commit('bad one')
    await until('the last attempt', async () => runsOf('bad one').length === 3, 12_000)
    const [first, second, third] = runsOf('bad one').map(({ at }) => at)
    if (!first || !second || !third) throw new Error('There were three runs.')
    // The delay of 1 s, with jitter up to 2 s and at most one poll of 1 s on top.
    expect(second - first).toBeGreaterThan(950)
    expect(second - first).toBeLessThan(3_500)
    expect(third - second).toBeLessThan(4_000)
    const parked = await until('the dead letter', async () => {
      const found = await runner.findJobs(DEAD_LETTER_QUEUE, { data: { text: 'bad one' } })
      return found.length > 0 && found
    })
    expect(parked).toHaveLength(1)
  }, 20_000)
})
