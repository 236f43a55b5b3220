import type { Config } from '../../config.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import { describeFailure } from '../../platform/errors/describe-failure.ts'
import { startSender } from '../../platform/jobs/job-runner.ts'
import { createJobs, DEAD_LETTER_QUEUE } from '../../platform/jobs/jobs.ts'
import { readQueues, type QueueFigures } from '../../platform/jobs/read-queues.ts'
import type { Log } from '../../platform/log.ts'
import { queues } from '../../worker.ts'
import { askDatabase } from './ask-database.ts'
import { fine, odd, wrong, type Finding } from './finding.ts'

const LONGEST_WAIT = 5 * MINUTE
const SLOW =
  'Rows and jobs are added by separate statements, because this version of pg-boss is unknown. This works, but is slower.'

/** Checks that the queues' tables are of this version, that every queue exists, and that a worker runs their jobs. */
export async function checkQueues(config: Config, log: Log): Promise<Finding[]> {
  try {
    const boss = await startSender(config.DATABASE_URL, log) // refuses tables of another version
    try {
      const jobs = createJobs(boss, { log })
      return await askDatabase(config, async (em) => [
        ...describeQueues(await readQueues(em)),
        ...((await jobs.checkShortcut(em, queues[0])) ? [] : [odd(SLOW)]),
      ])
    } finally {
      await boss.stop({ graceful: false })
    }
  } catch (error) {
    return [wrong(explain(error))]
  }
}

function describeQueues(figures: readonly QueueFigures[]): Finding[] {
  const there = new Set(figures.map(({ queue }) => queue))
  const missing = queues.map(({ name }) => name).filter((name) => !there.has(name))
  if (missing.length > 0) return [wrong(`These queues are missing: ${missing.join(', ')}. Run migrate.`)]

  const oldest = Math.max(...figures.map((queue) => queue.oldest * SECOND))
  const dead = figures.find(({ queue }) => queue === DEAD_LETTER_QUEUE)?.waiting ?? 0
  return [
    oldest > LONGEST_WAIT
      ? odd(`A job has been due for ${Math.round(oldest / MINUTE)} min. Is a worker running? (work)`)
      : fine(`All ${queues.length} queues exist, and no job is overdue.`),
    ...(dead > 0
      ? [
          odd(
            `${dead} ${dead === 1 ? 'job was' : 'jobs were'} given up: see why with \`jobs failed\`, fix the cause, then use \`jobs retry ID\`.`,
          ),
        ]
      : []),
  ]
}

function explain(error: unknown): string {
  const isOld = error instanceof Error && error.message.includes('requires migrations')
  return isOld
    ? 'The queue’s tables are of another version: run migrate.'
    : (describeFailure(error).split('\n')[0] ?? '')
}
