import { queueMail } from '../../mail/index.ts'
import type { Scope } from '../../platform/scope.ts'
import type { ProviderInvoice } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'
import { planProps, recipientOf } from './plan-props.ts'

/**
 * Queues the email that tells the owner about their new plan.
 *
 * @param change.occurrence identifies the change: the id of the provider's event, or of the new subscription.
 * @param change.invoice the change's own invoice; null if it has none.
 */
export async function queuePlanChangedMail(
  scope: Scope,
  subscription: Subscription,
  { occurrence, invoice }: { occurrence: string; invoice: ProviderInvoice | null },
): Promise<void> {
  const { username, email, planName } = await recipientOf(scope, subscription)
  await queueMail(scope.em, scope, {
    fact: `plan-changed:${subscription.id}:${occurrence}`,
    to: email,
    template: 'plan-changed',
    props: {
      ...{ username, planName, ...planProps(subscription) },
      invoice: invoice && {
        ...{ amountCents: invoice.amountCents, url: invoice.url },
        isPaid: invoice.status === 'paid',
      },
    },
  })
}
