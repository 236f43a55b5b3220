import type { BillingScope } from '../billing-scope.ts'
import type { Subscription } from '../subscription.entity.ts'
import { isFollowed } from './is-followed.ts'
import { planProps } from './plan-props.ts'
import { queueToPayers } from './queue-to-payers.ts'

/**
 * Queues an email about a subscription's or a trial's end that is still to come. There is none about an end that another
 * plan waits for.
 *
 * @param occurrence allows one email per cancellation or trial.
 */
export async function queueSubscriptionMail(
  scope: BillingScope,
  subscription: Subscription,
  template: 'subscription-will-cancel' | 'trial-ending',
  occurrence: string,
): Promise<void> {
  if (template === 'subscription-will-cancel' && (await isFollowed(scope.em, subscription))) return
  await queueToPayers(scope, subscription, `${template}:${subscription.id}:${occurrence}`, (names) => ({
    template,
    props: { ...names, ...planProps(subscription) },
  }))
}
