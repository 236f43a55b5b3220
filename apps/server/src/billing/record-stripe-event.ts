import { newId } from '../platform/ids.ts'
import type { BillingScope } from './billing-scope.ts'
import { ApplyStripeEvent } from './billing.queues.ts'
import { isHandled } from './handled-events.ts'
import type { ProviderNotice } from './providers/payment-provider.ts'

/**
 * Stores an event once and queues its job, in one transaction: when it returns, the event can't be lost, and however
 * often it is delivered, also at the same instant, there is one row and one job.
 *
 * What is of another mode or a type that nothing depends on is stored as ignored.
 */
export async function recordStripeEvent(scope: BillingScope, notice: ProviderNotice): Promise<void> {
  const { clock, jobs, billing } = scope
  const isOurs = isHandled(notice, billing.settings)
  const eventId = newId()

  await scope.em.transactional(async (em) => {
    const inserted = await em.execute<unknown[]>(
      `insert into provider_events (id, provider, provider_event_id, type, status, occurred_at, payload, received_at)
       values (?, 'stripe', ?, ?, ?, ?, ?, ?) on conflict (provider, provider_event_id) do nothing returning id`,
      [
        ...[eventId, notice.id, notice.type, isOurs ? 'received' : 'ignored', notice.occurredAt],
        ...[JSON.stringify(notice.payload), clock.now()],
      ],
    )
    if (inserted.length > 0 && isOurs) await jobs.send(em, ApplyStripeEvent, { eventId })
  })
}
