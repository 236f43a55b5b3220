import type { BillingScope } from '../billing-scope.ts'
import { intervalOf } from '../plans/billing-interval.ts'
import type { UpcomingSubscription } from '../upcoming-subscription.entity.ts'
import { queueToPayers } from './queue-to-payers.ts'

/** Queues the email about the upcoming plan, which starts when the present one ends. */
export async function queueUpcomingMail(scope: BillingScope, upcoming: UpcomingSubscription): Promise<void> {
  const { id, priceCents: amountCents, currency, billingPeriod, startsAt } = upcoming
  await queueToPayers(scope, upcoming, `plan-upcoming:${id}`, (names) => ({
    template: 'plan-upcoming',
    props: {
      ...names,
      ...{ amountCents, currency, billingPeriod, interval: intervalOf(upcoming) },
      startsAt: startsAt.toISOString(),
    },
  }))
}
