import { z } from 'zod'
import { defineQueue } from '../platform/jobs/jobs.ts'

/** Counts the figures of days in which something has changed, every five minutes. */
export const CountDays = defineQueue({
  name: 'count-days',
  schema: z.object({}),
  policy: 'exclusive',
  concurrency: 1,
  retryLimit: 2,
  expireInSeconds: 900,
  shownFields: [],
})
