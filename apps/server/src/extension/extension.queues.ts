import { defineQueue, type QueueDefinition } from '../platform/jobs/jobs.ts'
import type { ExtensionConfig } from './extension.schemas.ts'

/** The queues of a configuration's jobs, by the names that it gives them. */
export type OwnQueues = ReadonlyMap<string, QueueDefinition<object>>

/** What the names of all their queues begin with. */
export const OWN_PREFIX = 'app.'

/** Defines the queues of a configuration's jobs. */
export function ownQueuesOf({ jobs = {} }: ExtensionConfig): OwnQueues {
  return new Map(
    Object.entries(jobs).map(([name, { data, retryLimit }]) => [
      name,
      defineQueue({
        name: `${OWN_PREFIX}${name}`,
        schema: data,
        shownFields: [],
        ...(retryLimit !== undefined && { retryLimit }),
      }),
    ]),
  )
}
