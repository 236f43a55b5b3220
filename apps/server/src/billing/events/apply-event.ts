import { withoutRows } from '../../platform/without-rows.ts'
import { atProvider, withTimeBudget, type BillingScope } from '../billing-scope.ts'
import { ProviderEvent } from '../provider-event.entity.ts'
import { dispatchEvent } from './dispatch-event.ts'

/**
 * Applies one event of the inbox, whatever its provider. The event says which object changed; the provider says what it
 * is now.
 *
 * The customer is locked before the provider is asked. So one customer's events never run side by side, and an older
 * answer can't overwrite a newer one. Each job holds a transaction open while it asks, so a worker runs fewer of them
 * than the pool has connections.
 *
 * A failure changes nothing but the event's row, which says what went wrong. The job is retried.
 *
 * @throws {ProviderUnsupported} when its provider is not configured.
 * @throws {PaymentProviderError} when the provider fails.
 * @see docs/decisions/0003-stripe-is-the-truth.md
 */
export async function applyEvent(scope: BillingScope, { eventId }: { eventId: string }): Promise<void> {
  try {
    const event = await scope.em.findOne(ProviderEvent, { id: eventId })
    if (!event?.isOpen()) return
    const there = withTimeBudget(atProvider(scope, event.provider))
    await dispatchEvent(there, eventId, there.billing.provider.readChange(event.payload))
  } catch (error) {
    await scope.em.execute(
      "update provider_events set status = 'failed', attempts = attempts + 1, last_error = ? where id = ?",
      [whatHappened(error).slice(0, 2000), eventId],
    )
    throw error
  }
}

/** For the admin who looks at the row, with the provider's own message. */
function whatHappened(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return withoutRows(error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message)
}
