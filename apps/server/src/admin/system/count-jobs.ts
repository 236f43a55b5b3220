import { countQueues, MAXIMUM_COUNTED } from '../../platform/jobs/count-queues.ts'
import { queueNames } from '../../platform/jobs/queue-names.ts'
import type { AdminDeps, AdminScope } from '../admin-scope.ts'
import type { QueueCounts } from '../system.schemas.ts'

/** Counts the unfinished and the failed jobs of each queue. */
export async function countJobs({ em, queues }: Pick<AdminScope & AdminDeps, 'em' | 'queues'>): Promise<QueueCounts> {
  const counted = await countQueues(em, await queueNames(em, queues))
  return { maximum: MAXIMUM_COUNTED, queues: counted }
}
