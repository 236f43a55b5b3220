import type { BillingScope } from '../billing-scope.ts'
import type { Subscription } from '../subscription.entity.ts'
import { queueToPayers } from './queue-to-payers.ts'

/**
 * Queues the email about a pause of a subscription. Does nothing if it is not paused.
 *
 * @param occurrence identifies the pause: the id of the provider's event.
 */
export async function queuePausedMail(
  scope: BillingScope,
  subscription: Subscription,
  occurrence: string,
): Promise<void> {
  const { id, status, pausedFrom, pausedUntil } = subscription
  if (!pausedFrom) return
  const from = pausedFrom.toISOString()
  const until = pausedUntil?.toISOString() ?? null
  await queueToPayers(scope, subscription, `subscription-paused:${id}:${occurrence}`, (names) => ({
    template: 'subscription-paused',
    props: { ...names, isPaused: status === 'paused', from, until },
  }))
}
