import type { BillingScope } from '../billing-scope.ts'
import type { ProviderCardPage } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'
import { queueToPayers } from './queue-to-payers.ts'

type AddedCard = Extract<ProviderCardPage, { state: 'added' }>

/** Queues the email about a card that was added, and about the money that checked it. One for each payment. */
export async function queueCardAddedMail(
  scope: BillingScope,
  subscription: Subscription,
  { paymentId, amountCents, currency, last4 }: AddedCard,
): Promise<void> {
  await queueToPayers(scope, subscription, `card-added:${subscription.id}:${paymentId}`, (names) => ({
    template: 'card-added',
    props: { ...names, amountCents, currency, last4 },
  }))
}
