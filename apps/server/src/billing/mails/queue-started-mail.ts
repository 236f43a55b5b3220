import type { BillingScope } from '../billing-scope.ts'
import type { ProviderInvoice } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'
import { costOfPeriod, planProps } from './plan-props.ts'
import { queueToPayers } from './queue-to-payers.ts'

/** Queues the email about a subscription that has begun, and its first payment. */
export async function queueStartedMail(
  scope: BillingScope,
  subscription: Subscription,
  { id, amountCents, currency, url: invoiceUrl }: ProviderInvoice,
): Promise<void> {
  const priceCents = costOfPeriod(subscription)
  await queueToPayers(scope, subscription, `subscription-started:${id}`, (names) => ({
    template: 'subscription-started',
    props: { ...names, ...planProps(subscription), amountCents, priceCents, currency, invoiceUrl },
  }))
}
