import { ApplyStripeEvent } from '../src/billing/index.ts'
import { until } from './inbox.ts'
import type { TestApp } from './test-app.ts'

/** How long to wait for all events, in milliseconds. A busy machine needs several seconds. */
const PATIENCE = 25_000

/** Waits until the sandbox has delivered all its events and the worker has applied them. */
export async function eventsDone(app: TestApp): Promise<void> {
  await app.stripe.drained(PATIENCE)
  await until(
    'all events to be applied',
    async () => {
      const open = await app
        .scope()
        .em.execute("select 1 from provider_events where status in ('received', 'failed') limit 1")
      return open.length === 0
    },
    PATIENCE,
  )
}

/** Waits until these queues have no waiting or running job, and the events that the jobs caused have been applied. */
export async function jobsDone(app: TestApp, ...queues: string[]): Promise<void> {
  await until(`the jobs of ${queues.join(', ')}`, async () => {
    const open = await app
      .scope()
      .em.execute("select 1 from pgboss.job where name = any(?) and state in ('created', 'retry', 'active') limit 1", [
        `{${queues.join(',')}}`,
      ])
    return open.length === 0
  })
  await eventsDone(app)
}

/** Moves billing time forward, and waits until everything that came due has been delivered and applied. */
export async function advance(app: TestApp, by: { days?: number; hours?: number; seconds?: number }): Promise<void> {
  await app.stripe.advance(by)
  await eventsDone(app)
}

/** Moves billing time forward to a moment, rounded up to a whole second. */
export async function advanceTo(app: TestApp, moment: Date): Promise<void> {
  await advance(app, { seconds: Math.ceil((moment.getTime() - app.stripe.now().getTime()) / 1_000) })
}

/** Applies every event that mentions a text once more, the newest first. */
export async function replayEvents(app: TestApp, mentioned: string): Promise<void> {
  await app.scope().em.transactional(async (em) => {
    const events = await em.execute<{ id: string }[]>(
      "update provider_events set status = 'received' where payload::text like ? and status = 'processed' returning id",
      [`%${mentioned}%`],
    )
    if (events.length === 0) throw new Error(`No event mentions ${mentioned}.`)
    const newestFirst = events
      .map(({ id }) => id)
      .sort()
      .toReversed()
    for (const eventId of newestFirst) await app.deps.jobs.send(em, ApplyStripeEvent, { eventId })
  })
  await jobsDone(app, ApplyStripeEvent.name)
}
