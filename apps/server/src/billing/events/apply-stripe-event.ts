import { withTimeBudget, type BillingScope } from '../billing-scope.ts'
import { ProviderEvent } from '../provider-event.entity.ts'
import { dispatchEvent } from './dispatch-event.ts'

/**
 * Applies one event of the inbox. The event says which object changed; the provider says what it is now.
 *
 * The customer is locked before the provider is asked. So one customer's events never run side by side, and an older
 * answer can't overwrite a newer one. Each job holds a transaction open while it asks, so a worker runs fewer of them
 * than the pool has connections.
 *
 * A failure changes nothing but the event's row, which says what went wrong. The job is retried.
 *
 * @throws {PaymentProviderError} when the provider fails.
 * @see docs/decisions/0003-stripe-is-the-truth.md
 */
export async function applyStripeEvent(scope: BillingScope, { eventId }: { eventId: string }): Promise<void> {
  try {
    const event = await scope.em.findOne(ProviderEvent, { id: eventId })
    if (!event?.isOpen()) return
    await dispatchEvent(withTimeBudget(scope), eventId, scope.billing.provider.readChange(event.payload))
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
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
