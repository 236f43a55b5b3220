import type { BillingScope } from '../billing-scope.ts'
import type { ProviderInvoice } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'
import { invoiceProps } from './plan-props.ts'
import { queueToPayers } from './queue-to-payers.ts'

/** Queues the email about a subscription that has begun, and its first payment. */
export async function queueStartedMail(
  scope: BillingScope,
  subscription: Subscription,
  invoice: ProviderInvoice,
): Promise<void> {
  await queueToPayers(scope, subscription, `subscription-started:${invoice.id}`, (names) => ({
    template: 'subscription-started',
    props: { ...names, ...invoiceProps(subscription, invoice) },
  }))
}
