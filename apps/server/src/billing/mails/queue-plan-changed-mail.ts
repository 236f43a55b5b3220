import type { BillingScope } from '../billing-scope.ts'
import type { ProviderInvoice } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'
import { planProps } from './plan-props.ts'
import { queueToPayers } from './queue-to-payers.ts'

/**
 * Queues the email that tells the payers about their new plan.
 *
 * @param change.occurrence identifies the change: the id of the provider's event, or of the new subscription.
 * @param change.invoice the change's own invoice; null if it has none.
 */
export async function queuePlanChangedMail(
  scope: BillingScope,
  subscription: Subscription,
  { occurrence, invoice }: { occurrence: string; invoice: ProviderInvoice | null },
): Promise<void> {
  const charge = invoice && {
    ...{ amountCents: invoice.amountCents, url: invoice.url },
    isPaid: invoice.status === 'paid',
  }
  await queueToPayers(scope, subscription, `plan-changed:${subscription.id}:${occurrence}`, (names) => ({
    template: 'plan-changed',
    props: { ...names, ...planProps(subscription), invoice: charge },
  }))
}
