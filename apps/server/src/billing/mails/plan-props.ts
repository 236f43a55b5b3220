import { User } from '../../auth/index.ts'
import type { Scope } from '../../platform/scope.ts'
import { plannedEnd } from '../access/planned-end.ts'
import { Plan } from '../plan.entity.ts'
import { intervalOf } from '../plans/billing-interval.ts'
import type { Subscription } from '../subscription.entity.ts'

/** Reads who receives an email about a subscription, and the plan's name. */
export async function recipientOf(
  { em }: Pick<Scope, 'em'>,
  subscription: Subscription,
): Promise<{ username: string; email: string; planName: string }> {
  const { username, email } = await em.findOneOrFail(User, { id: subscription.user.id })
  const { name: planName } = await em.findOneOrFail(Plan, { id: subscription.plan.id })
  return { username, email, planName }
}

/** What every email about a plan says of the subscription. `amountCents` is the price of a period. */
export function planProps(subscription: Subscription) {
  const { priceCents: amountCents, currency, billingPeriod, currentPeriodEnd } = subscription
  return {
    ...{ amountCents, currency, billingPeriod },
    interval: intervalOf(subscription),
    periodEnd: currentPeriodEnd.toISOString(),
    endsAt: plannedEnd(subscription)?.toISOString() ?? null,
    isTrial: subscription.status === 'trialing',
    isPaused: subscription.status === 'paused',
  }
}
