import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { until } from '../../../test/inbox.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.ts'
import { createLog } from '../log.ts'
import { installQueues, route, runJobs, startRunner, stopJobs } from './job-runner.ts'
import { defineQueue } from './jobs.ts'

const queue = (name: string) =>
  defineQueue({ name, schema: z.object({ text: z.string() }), shownFields: [], concurrency: 1 })
const Woken = queue('woken')
const Polled = queue('polled')

/** How late a job may start, in milliseconds. Workers that are not woken poll every 30 seconds. */
const PATIENCE = 10_000

describe('a job', () => {
  const log = createLog({ level: 'silent', name: 'test' })
  const warnings: unknown[] = []
  const runs = new Map<string, number>()
  let server: TestDatabase
  let runner: PgBoss

  beforeAll(async () => {
    server = await createTestDatabase()
    await installQueues(server.url, [Woken, Polled], log)
    runner = await startRunner(server.url, log)
    const note = async ({ text }: { text: string }) => void runs.set(text, Date.now())
    await runJobs(runner, [route(Woken, note)], log)
    // As if a new version of pg-boss had renamed a column.
    const blind = Object.assign(Object.create(runner) as PgBoss, {
      getDb: () => ({ executeSql: () => Promise.reject(new Error('column "blocked" does not exist')) }),
      work: runner.work.bind(runner),
    })
    const warn = (about: unknown) => void warnings.push(about)
    await runJobs(blind, [route(Polled, note)], Object.assign(Object.create(log) as typeof log, { warn }))
  })
  afterAll(async () => {
    await stopJobs(runner)
    await server[Symbol.asyncDispose]()
  })

  test.each([
    ['starts soon after it is due, without a NOTIFY', Woken],
    ['starts soon after it is due even if no one can ask for due jobs', Polled],
  ])('%s', async (_what, { name }) => {
    const dueAt = Date.now() + 1_500
    await runner.send(name, { text: name }, { startAfter: new Date(dueAt) })
    const ranAt = await until('the job', async () => runs.get(name))
    expect(ranAt).toBeGreaterThan(dueAt - 50)
    expect(ranAt).toBeLessThan(dueAt + PATIENCE)
  })

  test('of a queue that could not be asked about was warned of once', () => {
    expect(warnings).toHaveLength(1)
  })

  test('does not wait for the next look at the queue if there are many', async () => {
    const texts = Array.from({ length: 40 }, (_, n) => `one of many ${n}`)
    const begunAt = Date.now()
    await runner.insert(
      Woken.name,
      texts.map((text) => ({ data: { text } })),
    )
    await until('all jobs', async () => texts.every((text) => runs.has(text)))
    // A look every second would take 40 s.
    expect(Date.now() - begunAt).toBeLessThan(PATIENCE)
  })
})
