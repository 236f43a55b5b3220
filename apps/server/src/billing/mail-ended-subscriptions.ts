import type { BillingScope } from './billing-scope.ts'
import { queueCanceledMail } from './queue-canceled-mail.ts'
import { Subscription } from './subscription.entity.ts'

/** Queues the mails for subscriptions that the sweep has ended; one that lives again by now gets none. */
export async function mailEndedSubscriptions(
  scope: BillingScope,
  { subscriptionIds }: { subscriptionIds: string[] },
): Promise<void> {
  await scope.em.transactional(async (em) => {
    const ended = await em.find(Subscription, { id: { $in: subscriptionIds }, status: 'canceled' })
    for (const subscription of ended) await queueCanceledMail({ ...scope, em }, subscription)
  })
}
