import { LockMode } from '@mikro-orm/core'
import type { BillingScope } from '../billing-scope.ts'
import { PROVIDER_CALLS } from '../billing.settings.ts'
import { ProviderEvent } from '../provider-event.entity.ts'
import { followNotice } from './follow-notice.ts'

/**
 * Works off one event of the inbox: the event says which object changed, the provider says what it is now.
 *
 * The customer's row is locked before the provider is asked, so that one customer's events never run side by side
 * and an older answer can't overwrite a newer one. Only under this lock are network calls made in a transaction; they
 * are bounded in time, and workers run fewer of these than the pool has connections.
 *
 * A failure leaves nothing behind but its trace on the row, and the job is tried again.
 *
 * @see docs/decisions/0003-stripe-is-the-truth.md
 */
export async function applyStripeEvent(scope: BillingScope, { eventId }: { eventId: string }): Promise<void> {
  const { provider } = scope.billing
  try {
    await provider.within(PROVIDER_CALLS, () =>
      scope.em.transactional(async (em) => {
        const event = await em.findOne(ProviderEvent, { id: eventId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
        if (!event || event.status === 'processed' || event.status === 'ignored') return

        const isOurs = await followNotice({ ...scope, em }, provider.readNotice(event.payload))
        event.status = isOurs ? 'processed' : 'ignored'
        event.processedAt = scope.clock.now()
        event.attempts += 1
        event.lastError = null
      }),
    )
  } catch (error) {
    await scope.em.execute(
      "update provider_events set status = 'failed', attempts = attempts + 1, last_error = ? where id = ?",
      [whatHappened(error).slice(0, 2000), eventId],
    )
    throw error
  }
}

/** For the admin who looks at the row: also what the provider said. */
function whatHappened(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
