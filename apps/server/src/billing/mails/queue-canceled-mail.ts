import type { MailContent } from '../../mail/index.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { Subscription } from '../subscription.entity.ts'
import { isFollowed } from './is-followed.ts'
import { queueToPayers, type Names } from './queue-to-payers.ts'

/**
 * Queues the email about the end of a subscription, unless another plan begins then. It is sent once, even if both an
 * event and the sweep queue it.
 *
 * @param why.isUnpaid whether the provider ended it because a payment had failed.
 */
export async function queueCanceledMail(
  scope: BillingScope,
  subscription: Subscription,
  { isUnpaid = false }: { isUnpaid?: boolean } = {},
): Promise<void> {
  if (await isFollowed(scope.em, subscription)) return
  const endedAt = subscription.endedAt ?? subscription.currentPeriodEnd
  await queueToPayers(scope, subscription, canceledFact(subscription.id), (names) =>
    canceledMail({ ...names, endedAt, isUnpaid }),
  )
}

export const canceledFact = (subscriptionId: string) => `subscription-canceled:${subscriptionId}`

export function canceledMail({ endedAt, ...props }: Names & { endedAt: Date; isUnpaid?: boolean }): MailContent {
  return { template: 'subscription-canceled', props: { ...props, endedAt: endedAt.toISOString() } }
}
