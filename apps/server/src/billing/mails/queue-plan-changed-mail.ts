import { queueMail } from '../../mail/index.ts'
import type { Scope } from '../../platform/scope.ts'
import type { Subscription } from '../subscription.entity.ts'
import { addresseeOf } from './queue-subscription-mail.ts'

/**
 * Tells the owner that he is on another plan now.
 *
 * @param occurrence the change: an event of the provider, or the subscription that has taken the old one's place.
 */
export async function queuePlanChangedMail(
  scope: Scope,
  subscription: Subscription,
  occurrence: string,
): Promise<void> {
  const { username, email, planName } = await addresseeOf(scope, subscription)
  const { priceCents: amountCents, currency, billingPeriod, currentPeriodEnd } = subscription
  await queueMail(scope.em, scope, {
    fact: `plan-changed:${subscription.id}:${occurrence}`,
    to: email,
    template: 'plan-changed',
    props: {
      ...{ username, planName, amountCents, currency, billingPeriod },
      periodEnd: currentPeriodEnd.toISOString(),
      isTrial: subscription.status === 'trialing',
    },
  })
}
