import {
  applyStripeEvent,
  ApplyStripeEvent,
  expireSubscriptions,
  ExpireSubscriptions,
  mailEndedSubscriptions,
  MailEndedSubscriptions,
} from './billing/index.ts'
import { openScope, type Deps, type FullScope } from './deps.ts'
import { SendMail, sendMail } from './mail/index.ts'
import { route, type JobAttempt, type JobRoute } from './platform/job-runner.ts'
import type { QueueDefinition } from './platform/jobs.ts'

/** Every queue that there is; `migrate` creates them. */
export const queues = [ApplyStripeEvent, ExpireSubscriptions, MailEndedSubscriptions, SendMail] as const

const HOURLY = '7 * * * *'

/** The table of the worker: queue → use case, and the schedule. */
export function createJobRoutes(deps: Deps): JobRoute[] {
  const handledBy =
    <Data>(queue: QueueDefinition<Data & object>, useCase: (scope: FullScope, data: Data) => Promise<unknown>) =>
    async (data: Data, { id }: JobAttempt) => {
      await useCase(openScope(deps, { queue: queue.name, jobId: id }), data)
    }

  return [
    route(ApplyStripeEvent, handledBy(ApplyStripeEvent, applyStripeEvent)),
    route(ExpireSubscriptions, handledBy(ExpireSubscriptions, expireSubscriptions), HOURLY),
    route(MailEndedSubscriptions, handledBy(MailEndedSubscriptions, mailEndedSubscriptions)),
    route(SendMail, handledBy(SendMail, sendMail)),
  ]
}
