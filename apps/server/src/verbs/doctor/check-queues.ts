import type { Config } from '../../config.ts'
import { loadExtension, ownQueuesOf } from '../../extension/index.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import { describeFailure } from '../../platform/errors/describe-failure.ts'
import { startSender } from '../../platform/jobs/job-runner.ts'
import { createJobs, DEAD_LETTER_QUEUE } from '../../platform/jobs/jobs.ts'
import { readQueues, type QueueFigures } from '../../platform/jobs/read-queues.ts'
import type { Log } from '../../platform/log.ts'
import { queues as ours, queuesOf } from '../../worker.ts'
import { askDatabase } from './ask-database.ts'
import { fine, odd, wrong, type Finding } from './finding.ts'

const LONGEST_WAIT = 5 * MINUTE
const SLOW =
  'Rows and jobs are added by separate statements, because this version of pg-boss is unknown. This works, but is slower.'

/** Checks that the queues' tables are of this version, that every queue exists, and that a worker runs their jobs. */
export async function checkQueues(config: Config, log: Log): Promise<Finding[]> {
  try {
    const queues = queuesIn(config)
    const boss = await startSender(config.DATABASE_URL, log) // refuses tables of another version
    try {
      const jobs = createJobs(boss, { log })
      return await askDatabase(config, async (em) => [
        ...describeQueues(queues, await readQueues(em)),
        ...((await jobs.checkShortcut(em, ours[0])) ? [] : [odd(SLOW)]),
      ])
    } finally {
      await boss.stop({ graceful: false })
    }
  } catch (error) {
    return [wrong(explain(error))]
  }
}

/** Without those of a configuration that can't be loaded, which another check reports. */
function queuesIn({ CONFIG_FILE }: Config): readonly { name: string }[] {
  try {
    return queuesOf({ queues: ownQueuesOf(loadExtension(CONFIG_FILE).config) })
  } catch {
    return ours
  }
}

function describeQueues(queues: readonly { name: string }[], figures: readonly QueueFigures[]): Finding[] {
  const there = new Set(figures.map(({ queue }) => queue))
  const missing = queues.map(({ name }) => name).filter((name) => !there.has(name))
  if (missing.length > 0) return [wrong(`These queues are missing: ${missing.join(', ')}. Run migrate.`)]

  const known = new Set([...queues.map(({ name }) => name), DEAD_LETTER_QUEUE])
  const oldest = Math.max(...figures.filter(({ queue }) => known.has(queue)).map((queue) => queue.oldest * SECOND))
  const left = figures.filter(({ queue, waiting }) => waiting > 0 && !known.has(queue) && !queue.startsWith('__pgboss'))
  const dead = figures.find(({ queue }) => queue === DEAD_LETTER_QUEUE)?.waiting ?? 0
  return [
    oldest > LONGEST_WAIT
      ? odd(`A job has been due for ${Math.round(oldest / MINUTE)} min. Is a worker running? (work)`)
      : fine(`All ${queues.length} queues exist, and no job is overdue.`),
    ...(left.length > 0
      ? [
          odd(
            `Jobs wait in queues that no worker runs: ${left.map(({ queue, waiting }) => `${queue} (${waiting})`).join(', ')}. This version, or its configuration, no longer has these jobs. They run when it has them again.`,
          ),
        ]
      : []),
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
