import { User } from '../../auth/index.ts'
import { queueMail } from '../../mail/index.ts'
import type { Scope } from '../../platform/scope.ts'
import { Plan } from '../plan.entity.ts'
import type { Subscription } from '../subscription.entity.ts'

/**
 * Queues an email about what will happen at the end of the current period.
 *
 * @param occurrence allows one email per cancellation or trial: the moment of the request, or the trial's end.
 */
export async function queueSubscriptionMail(
  scope: Scope,
  subscription: Subscription,
  template: 'subscription-will-cancel' | 'trial-ending',
  occurrence: Date,
): Promise<void> {
  const { username, email, planName } = await recipientOf(scope, subscription)
  const { priceCents: amountCents, currency, billingPeriod, currentPeriodEnd } = subscription
  await queueMail(scope.em, scope, {
    fact: `${template}:${subscription.id}:${occurrence.toISOString()}`,
    to: email,
    template,
    props: {
      ...{ username, planName, amountCents, currency, billingPeriod },
      periodEnd: currentPeriodEnd.toISOString(),
      isTrial: subscription.status === 'trialing',
    },
  })
}

/** Reads who receives an email about a subscription, and the plan's name. */
export async function recipientOf(
  { em }: Pick<Scope, 'em'>,
  subscription: Subscription,
): Promise<{ username: string; email: string; planName: string }> {
  const { username, email } = await em.findOneOrFail(User, { id: subscription.user.id })
  const { name: planName } = await em.findOneOrFail(Plan, { id: subscription.plan.id })
  return { username, email, planName }
}
