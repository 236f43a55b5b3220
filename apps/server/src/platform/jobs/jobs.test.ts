import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { until } from '../../../test/inbox.ts'
import { createTestDatabase, type TestDatabase } from '../../../test/test-database.ts'
import { entities } from '../../entities.ts'
import { migrations } from '../../migrations/index.ts'
import { openDatabase, type Database } from '../database/database.ts'
import { LOWEST_ID } from '../database/ids.ts'
import { runAlone, runWithin, type PreparedStatement, type RunPrepared } from '../database/prepared.ts'
import { createLog } from '../log.ts'
import { installQueues, route, runJobs, startRunner, startSender, stopJobs } from './job-runner.ts'
import { createJobs, DEAD_LETTER_QUEUE, defineQueue, type Jobs } from './jobs.ts'

interface Thing {
  id: string
  name: string
}

const thing = (name: string): Thing => ({ id: randomUUID(), name })

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
    jobs = createJobs(sender, { log })
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
    const begunAt = performance.now()
    await database.em.fork().transactional(async (em) => {
      await jobs.send(em, Note, { text })
      await em.execute('select pg_sleep(0.05)')
      expect(runsOf(text)).toHaveLength(0)
    })
    const committedAt = performance.now()
    return { committedAt, took: committedAt - begunAt }
  }

  test('wakes a worker right after the commit, and not before it', async () => {
    const waits: number[] = []
    const commits: number[] = []
    for (let n = 0; n < 15; n++) {
      const { committedAt, took } = await commit(`quick ${n}`)
      const [run] = await until('the job', async () => runsOf(`quick ${n}`).length > 0 && runsOf(`quick ${n}`))
      waits.push((run?.at ?? Infinity) - committedAt)
      commits.push(took)
    }
    // Polling alone, once a second, would make it wait for half a second. A commit takes 50 ms, or longer on a busy
    // machine.
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[7] ?? Infinity
    expect(median(waits)).toBeLessThan(5 * median(commits))
  })

  test('disappears with a rollback', async () => {
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

  test('is refused outside a transaction, where it would use another connection', async () => {
    await expect(jobs.send(database.em.fork(), Note, { text: 'astray' })).rejects.toThrow('outside a transaction')
  })

  describe.each([
    ['with one statement', true],
    ['with separate statements', false],
  ])('for each row that is inserted, %s', (_how, joins) => {
    const table = joins ? 'joined_things' : 'separate_things'
    const insertion = (...things: Thing[]) => ({
      name: `add-${table}`,
      statements: [
        `insert into ${table} select * from jsonb_to_recordset($1) as thing (id uuid, name text)
         on conflict (name) do nothing returning id`,
      ],
      values: [JSON.stringify(things)],
    })
    const namesOf = async (pattern: string) => {
      const { em } = database
      const rows = await em.execute<{ name: string }[]>(`select name from ${table} where name like ?`, [pattern])
      return rows.map(({ name }) => name).toSorted()
    }
    const text = (name: string) => `${name} ${joins}`
    const jobOf = ({ id, name }: Thing) => ({ id, data: { text: text(name) } })
    let rowJobs: Jobs
    beforeAll(async () => {
      await database.em.execute(`create table ${table} (id uuid primary key, name text not null unique)`)
      rowJobs = createJobs(sender, { log, joins })
    })

    test('is added with it, and not for one that already exists', async () => {
      const [first, again, second, unsung] = [thing('one'), thing('one'), thing('two'), thing('unsung')]
      expect(await rowJobs.sendForRows(runAlone(database.em), [insertion(first)], Note, [jobOf(first)])).toEqual([
        first.id,
      ])
      const all = [insertion(again, second, unsung)]
      const sent = await rowJobs.sendForRows(runAlone(database.em), all, Note, [again, second].map(jobOf))
      expect(sent).toEqual([second.id])
      expect(await namesOf('%')).toEqual(['one', 'two', 'unsung'])
      await until('both jobs', async () => runsOf(text('one')).length === 1 && runsOf(text('two')).length === 1)
      expect(runsOf(text('unsung'))).toEqual([])
    })

    test('is not added when all rows already exist', async () => {
      const again = thing('one')
      expect(await rowJobs.sendForRows(runAlone(database.em), [insertion(again)], Note, [jobOf(again)])).toEqual([])
    })

    test('is not added when any of the statements fails, and neither is any row', async () => {
      const [good, bad] = [thing('good'), thing('unlucky')]
      const failing = {
        name: `fail-${table}`,
        statements: [`insert into ${table} values ($1, 'one') returning id`],
        values: [randomUUID()],
      }
      for (const insertions of [
        [insertion(good), failing],
        [failing, insertion(good)],
      ]) {
        const sent = rowJobs.sendForRows(runAlone(database.em), insertions, Note, [jobOf(good), jobOf(bad)])
        await expect(sent).rejects.toThrow('duplicate key')
      }
      expect(await namesOf('good')).toEqual([])
      expect(await runner.findJobs('note', { data: { text: text('good') } })).toEqual([])
    })

    test('is rolled back with the row', async () => {
      const lost = thing('lost')
      const rolledBack = database.em.fork().transactional(async (em) => {
        expect(await rowJobs.sendForRows(runWithin(em), [insertion(lost)], Note, [jobOf(lost)])).toEqual([lost.id])
        throw new Error('Changed my mind.')
      })
      await expect(rolledBack).rejects.toThrow('Changed my mind.')
      expect(await namesOf('lost')).toEqual([])
      expect(await runner.findJobs('note', { data: { text: text('lost') } })).toEqual([])
    })

    test('is added also to a queue that does not notify workers', async () => {
      const silent = { ...Note, name: `silent-${joins}` }
      await runner.createQueue(silent.name, { notify: false })
      const quiet = thing('quiet')
      const sent = await rowJobs.sendForRows(runAlone(database.em), [insertion(quiet)], silent, [jobOf(quiet)])
      expect(sent).toEqual([quiet.id])
      expect(await runner.findJobs(silent.name, { data: { text: text('quiet') } })).toHaveLength(1)
    })
  })

  describe('the shortcut of one statement for rows and jobs', () => {
    const insertion = { name: 'ask', statements: ['select $1::uuid as id'], values: [randomUUID()] }
    const warnings: unknown[] = []
    const warn = (about: unknown) => void warnings.push(about)
    beforeEach(() => void warnings.splice(0))

    /** The sender, whose statements for adding jobs are changed on their way. */
    const changed = (change: (statement: string) => string) =>
      Object.assign(Object.create(sender) as PgBoss, {
        insert: (...[queue, jobs, options]: Parameters<PgBoss['insert']>) =>
          sender.insert(queue, jobs, {
            ...options,
            db: { executeSql: async (text, values) => db(options).executeSql(change(text), values) },
          }),
      })
    const db = (options: Parameters<PgBoss['insert']>[2]) => {
      if (!options?.db) throw new Error('Jobs are added on the connection of their rows.')
      return options.db
    }
    const counted = () => {
      const statements: string[] = []
      const alone = runAlone(database.em)
      const run: RunPrepared = Object.assign(
        <Row extends object>(statement: PreparedStatement, values: readonly unknown[]) => {
          statements.push(statement.text)
          return alone<Row>(statement, values)
        },
        { together: alone.together },
      )
      return { run, statements }
    }

    test('takes one statement, and its check adds nothing', async () => {
      const checked = createJobs(sender, { log: { warn } })
      expect(await checked.checkShortcut(database.em.fork(), Note)).toBe(true)
      expect(await runner.findJobs('note', { id: LOWEST_ID })).toEqual([])
      const { run, statements } = counted()
      expect(await checked.sendForRows(run, [insertion], Note, [])).toEqual([])
      expect(statements).toHaveLength(1)
      expect(warnings).toEqual([])
    })

    test.each([
      ['takes its jobs in another way', (text: string) => text.replace('$1::text::json', '$1::json')],
      ['is no longer one that PostgreSQL accepts in a `with`', (text: string) => text.replace(/insert into/i, 'merge')],
    ])('is given up at the start-up check when the statement of pg-boss %s', async (_what, change) => {
      const checked = createJobs(changed(change), { log: { warn } })
      expect(await checked.checkShortcut(database.em.fork(), Note)).toBe(false)
      expect(await checked.checkShortcut(database.em.fork(), Note)).toBe(false)
      expect(warnings).toHaveLength(1)
    })

    test('is given up when it is first needed, if there was no check, with one warning and no lost job', async () => {
      const unchecked = createJobs(
        changed((text) => text.replace('$1::text::json', '$1::json')),
        { log: { warn } },
      )
      for (const name of ['first', 'second']) {
        const id = randomUUID()
        const rows = [{ ...insertion, values: [id] }]
        const jobs = [{ id, data: { text: `unchecked ${name}` } }]
        expect(await unchecked.sendForRows(runAlone(database.em), rows, Note, jobs)).toEqual([id])
        await until('the job', async () => runsOf(`unchecked ${name}`).length === 1)
      }
      expect(warnings).toHaveLength(1)
    })

    test('is kept when the check meets a queue that does not exist', async () => {
      const checked = createJobs(sender, { log: { warn } })
      expect(await checked.checkShortcut(database.em.fork(), { name: 'missing' })).toBe(true)
      expect(warnings).toEqual([])
    })
  })

  test('is retried after its delay when it fails, and then goes to the dead-letter queue', async () => {
    await commit('bad one')
    await until('the last attempt', async () => runsOf('bad one').length === 3, 12_000)
    const [first, second, third] = runsOf('bad one').map(({ at }) => at)
    if (!first || !second || !third) throw new Error('There were three runs.')
    // The delay is at least 1 s. The wait above is the upper limit.
    expect(second - first).toBeGreaterThan(950)
    expect(third - second).toBeGreaterThan(950)
    const parked = await until('the dead letter', async () => {
      const found = await runner.findJobs(DEAD_LETTER_QUEUE, { data: { text: 'bad one' } })
      return found.length > 0 && found
    })
    expect(parked).toHaveLength(1)
  }, 20_000)
})
