import type { EntityManager } from '@mikro-orm/postgresql'
import { LOWEST_ID } from '../database/ids.ts'
import { runWithin, type RunPrepared } from '../database/prepared.ts'
import type { Log } from '../log.ts'
import { joinInsertions, joinStatements, type Insertion } from './join-statements.ts'

/** A job with the id of its row. */
export interface RowJob {
  readonly id: string
  readonly data: object
}

/**
 * Adds jobs to a queue with the statement of pg-boss, which it gives to `executeSql`.
 *
 * @returns the ids of the added jobs.
 */
export type AddJobs = (
  queue: string,
  jobs: readonly RowJob[],
  executeSql: (text: string, values?: unknown[]) => Promise<{ rows: object[] }>,
) => Promise<string[]>

export interface RowJobsOptions {
  readonly log: Pick<Log, 'warn'>
  /** False to begin with separate statements, for tests and measurements. */
  readonly joins?: boolean
}

export interface RowJobs {
  /**
   * Inserts rows and adds the jobs whose row was inserted by the last insertion, all or nothing.
   *
   * @returns the ids of the jobs that were added.
   */
  add(run: RunPrepared, insertions: readonly Insertion[], queue: string, jobs: readonly RowJob[]): Promise<string[]>
  /**
   * Checks once, at start, whether `add` can send one statement. PostgreSQL plans the statement and does not run it.
   *
   * @returns false if rows and jobs are added by separate statements.
   */
  checkJoining(em: EntityManager, queue: string): Promise<boolean>
}

/**
 * Prepares adding rows together with their jobs.
 *
 * They share one statement, which saves three or four round trips. It contains the job queue's own statement for adding
 * jobs, which pg-boss may change. If it has changed, a warning is logged once, and from then on rows and jobs are added
 * by separate statements in one transaction.
 *
 * @see docs/decisions/0015-the-hot-path.md
 */
export function createRowJobs(addJobs: AddJobs, { log, joins = true }: RowJobsOptions): RowJobs {
  const nameOf = statementNames()
  let canJoin = joins

  function stopJoining(error: unknown): void {
    if (canJoin)
      log.warn({ err: error }, 'rows and jobs need separate statements, which is slower: pg-boss has changed')
    canJoin = false
  }

  const addJoined: RowJobs['add'] = async (run, insertions, queue, jobs) => {
    const executeSql = async (adding: string, [itsJobs]: unknown[] = []) => {
      const text = joinStatements(insertions, adding)
      if (text === null) throw new UnknownStatement()
      return { rows: await run({ name: nameOf(insertions, text), text }, [...valuesOf(insertions), itsJobs]) }
    }
    return addJobs(queue, jobs, executeSql)
  }

  const addSeparately: RowJobs['add'] = (run, insertions, queue, jobs) =>
    run.together(async (run) => {
      const name = 'add-separately'
      const rows = await run<{ id: string }>({ name, text: joinInsertions(insertions) }, valuesOf(insertions))
      const inserted = new Set(rows.map(({ id }) => id))
      const itsJobs = jobs.filter(({ id }) => inserted.has(id))
      if (itsJobs.length === 0) return []
      const executeSql = async (text: string, values: unknown[] = []) => ({ rows: await run({ name, text }, values) })
      return addJobs(queue, itsJobs, executeSql)
    })

  return {
    async add(run, insertions, queue, jobs) {
      if (!canJoin) return addSeparately(run, insertions, queue, jobs)
      try {
        return await addJoined(run, insertions, queue, jobs)
      } catch (error) {
        if (!(error instanceof UnknownStatement)) throw error
        stopJoining(error)
        return addSeparately(run, insertions, queue, jobs)
      }
    },

    async checkJoining(em, queue) {
      if (!canJoin) return false
      try {
        await addJoined(explaining(em), [PROBE], queue, [{ id: LOWEST_ID, data: {} }])
      } catch (error) {
        // Any other error, such as a missing queue, says nothing about the statement.
        if (error instanceof UnknownStatement || isBadStatement(error)) stopJoining(error)
      }
      return canJoin
    },
  }
}

/** Thrown before anything is sent to the database. */
class UnknownStatement extends Error {
  constructor() {
    super('pg-boss adds jobs with a statement that is not known here.')
  }
}

/** The same text keeps its name. A queue's text changes with the queue's settings. */
function statementNames(): (insertions: readonly Insertion[], text: string) => string {
  const names = new Map<string, string>()
  return (insertions, text) => {
    const name = names.get(text) ?? [...insertions.map((insertion) => insertion.name), names.size].join('-')
    names.set(text, name)
    return name
  }
}

const valuesOf = (insertions: readonly Insertion[]): unknown[] => insertions.flatMap(({ values }) => values)

const PROBE: Insertion = { name: 'probe', statements: ['select $1::uuid as id'], values: [LOWEST_ID] }

function explaining(em: EntityManager): RunPrepared {
  const explain: RunPrepared = Object.assign(
    <Row extends object>({ name, text }: { name: string; text: string }, values: readonly unknown[]) =>
      em.transactional((em) => runWithin(em)<Row>({ name, text: `explain ${text}` }, values)),
    { together: <T>(work: (run: RunPrepared) => Promise<T>) => work(explain) },
  )
  return explain
}

/** Whether PostgreSQL can't parse or resolve a statement (class 42). */
function isBadStatement(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('42')
}
