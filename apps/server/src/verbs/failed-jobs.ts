import { listFailedJobs, retryJob } from '../admin/index.ts'
import type { Config } from '../config.ts'
import { OPERATOR } from '../platform/audit/audit.ts'
import { DomainError } from '../platform/errors/errors.ts'
import type { Log } from '../platform/log.ts'
import { queuesOf } from '../worker.ts'
import { inScope } from './in-scope.ts'

const MAXIMUM_SHOWN = 50

/** `jobs failed`: lists the jobs whose retries are used up, newest first, with the fields that may be shown. */
export async function showFailedJobs(config: Config, log: Log): Promise<number> {
  const { items, nextCursor } = await inScope({ config, log, verb: 'jobs failed' }, ({ em }, { extension }) =>
    listFailedJobs({ em, queues: queuesOf(extension) }, { limit: MAXIMUM_SHOWN }),
  )
  if (items.length === 0) console.log('No failed jobs.')
  for (const { id, queue, attempts, createdAt, error, data } of items) {
    console.log(`${id}  ${createdAt.toISOString()}  ${queue}  ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}`)
    console.log(`  ${error.split('\n')[0] ?? ''}`)
    if (Object.keys(data).length > 0) console.log(`  ${JSON.stringify(data)}`)
  }
  if (nextCursor !== null) console.log(`These are the newest ${MAXIMUM_SHOWN}. There are more.`)
  return 0
}

/** `jobs retry ID`: puts a failed job back into its queue. */
export async function retryFailedJob(config: Config, log: Log, [id = '']: readonly string[]): Promise<number> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    console.error(`${id}: not a job's id. \`jobs failed\` lists them.`)
    return 1
  }
  try {
    await inScope({ config, log, verb: 'jobs retry' }, (scope, { extension }) =>
      retryJob({ ...scope, queues: queuesOf(extension) }, OPERATOR, { id }),
    )
    console.log(`Job ${id} is back in its queue; a worker runs it.`)
    return 0
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    console.error(`${id}: ${error.fieldErrors?.['id'] ?? error.message}`)
    return 1
  }
}
