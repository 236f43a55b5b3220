import { queueMail } from '../../mail/index.ts'
import type { Scope } from '../../platform/scope.ts'
import type { Subscription } from '../subscription.entity.ts'
import { recipientOf, planProps } from './plan-props.ts'

/**
 * Queues an email about a subscription's or a trial's end that is still to come.
 *
 * @param occurrence allows one email per cancellation or trial.
 */
export async function queueSubscriptionMail(
  scope: Scope,
  subscription: Subscription,
  template: 'subscription-will-cancel' | 'trial-ending',
  occurrence: string,
): Promise<void> {
  const { username, email, planName } = await recipientOf(scope, subscription)
  await queueMail(scope.em, scope, {
    fact: `${template}:${subscription.id}:${occurrence}`,
    to: email,
    template,
    props: { username, planName, ...planProps(subscription) },
  })
}
