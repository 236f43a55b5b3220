import { queueMail } from '../../mail/index.ts'
import type { Scope } from '../../platform/scope.ts'
import type { Subscription } from '../subscription.entity.ts'
import { recipientOf } from './plan-props.ts'

/**
 * Queues the email about a pause of a subscription. Does nothing if it is not paused.
 *
 * @param occurrence identifies the pause: the id of the provider's event.
 */
export async function queuePausedMail(scope: Scope, subscription: Subscription, occurrence: string): Promise<void> {
  const { id, status, pausedFrom, pausedUntil } = subscription
  if (!pausedFrom) return
  const { username, email, planName } = await recipientOf(scope, subscription)
  await queueMail(scope.em, scope, {
    fact: `subscription-paused:${id}:${occurrence}`,
    to: email,
    template: 'subscription-paused',
    props: {
      ...{ username, planName, isPaused: status === 'paused' },
      from: pausedFrom.toISOString(),
      until: pausedUntil?.toISOString() ?? null,
    },
  })
}
