import { z } from 'zod'
import { defineQueue } from '../jobs/jobs.ts'

/** Command: delete old rows. Scheduled every hour. It has the name that versions before it have scheduled. */
export const RemoveOld = defineQueue({
  name: 'clean-up-auth',
  schema: z.object({}),
  concurrency: 1,
  expireInSeconds: 600,
  shownFields: [],
})
