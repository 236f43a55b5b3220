import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { until } from '../../../test/inbox.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.ts'
import { entities } from '../../entities.ts'
import { migrations } from '../../migrations/index.ts'
import { openDatabase, type Database } from '../database/database.ts'
import { runAlone, runWithin, type RunPrepared } from '../database/prepared.ts'
import { createLog } from '../log.ts'
import { installQueues, route, runJobs, startRunner, startSender, stopJobs } from './job-runner.ts'
import { createJobs, DEAD_LETTER_QUEUE, defineQueue, type Jobs } from './jobs.ts'

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

  describe('for each row that is inserted', () => {
    const insertion = (...things: { id: string; name: string }[]) => ({
      name: 'add-things',
      statements: [
        `insert into things select * from jsonb_to_recordset($1) as thing (id uuid, name text)
         on conflict (name) do nothing returning id`,
      ],
      values: [JSON.stringify(things)],
    })
    const thing = (name: string) => ({ id: randomUUID(), name })
    const jobOf = ({ id, name }: { id: string; name: string }) => ({ id, data: { text: name } })
    const namesOf = async (pattern: string) => {
      const { em } = database
      const rows = await em.execute<{ name: string }[]>('select name from things where name like ?', [pattern])
      return rows.map(({ name }) => name).toSorted()
    }
    beforeAll(() => database.em.execute('create table things (id uuid primary key, name text not null unique)'))

    test('is added with it, in one statement, and not for one that has been there before', async () => {
      const [first, again, second, unsung] = [thing('one'), thing('one'), thing('two'), thing('unsung')]
      let statements = 0
      const run: RunPrepared = (statement, values) => {
        statements += 1
        return runAlone(database.em)(statement, values)
      }
      expect(await jobs.sendForRows(run, [insertion(first)], Note, [jobOf(first)])).toEqual([first.id])
      const all = [insertion(again, second, unsung)]
      expect(await jobs.sendForRows(run, all, Note, [again, second].map(jobOf))).toEqual([second.id])
      expect(statements).toBe(2)
      expect(await namesOf('%')).toEqual(['one', 'two', 'unsung'])
      await until('both jobs', async () => runsOf('one').length === 1 && runsOf('two').length === 1)
      expect(runsOf('unsung')).toEqual([])
    })

    test('is not added when any of the statements fails, nor is anything else', async () => {
      const [good, bad] = [thing('good'), thing('unlucky')]
      const failing = {
        name: 'fail',
        statements: ["insert into things values ($1, 'one') returning id"],
        values: [randomUUID()],
      }
      for (const insertions of [
        [insertion(good), failing],
        [failing, insertion(good)],
      ]) {
        const sent = jobs.sendForRows(runAlone(database.em), insertions, Note, [jobOf(good), jobOf(bad)])
        await expect(sent).rejects.toThrow('duplicate key')
      }
      expect(await namesOf('good')).toEqual([])
      expect(await runner.findJobs('note', { data: { text: 'good' } })).toEqual([])
    })

    test('goes with a rollback', async () => {
      const lost = thing('lost')
      const rolledBack = database.em.fork().transactional(async (em) => {
        expect(await jobs.sendForRows(runWithin(em), [insertion(lost)], Note, [jobOf(lost)])).toEqual([lost.id])
        throw new Error('Changed my mind.')
      })
      await expect(rolledBack).rejects.toThrow('Changed my mind.')
      expect(await runner.findJobs('note', { data: { text: 'lost' } })).toEqual([])
    })

    test('is added also where the queue wakes nobody', async () => {
      await runner.createQueue('silent-note', { notify: false })
      const quiet = thing('quiet')
      const silent = { ...Note, name: 'silent-note' }
      const sent = await jobs.sendForRows(runAlone(database.em), [insertion(quiet)], silent, [jobOf(quiet)])
      expect(sent).toEqual([quiet.id])
      expect(await runner.findJobs('silent-note', { data: { text: 'quiet' } })).toHaveLength(1)
    })
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
