import type { MailContent } from '../../mail/index.ts'
import { accessAtStake } from '../access/access-at-stake.ts'
import type { BillingScope } from '../billing-scope.ts'
import { invoiceProps } from '../mails/plan-props.ts'
import { queueToPayers, type Names } from '../mails/queue-to-payers.ts'
import type { ProviderInvoice } from '../providers/payment-provider.ts'
import type { Recovery } from '../recovery.entity.ts'
import type { Subscription } from '../subscription.entity.ts'

/**
 * Queues the mail of one step. The first one is the mail about the failed payment, which an event queues, too: it is
 * the same fact. Every later step is a fact of its own, named by its time and not by its number, so that another policy
 * repeats none.
 */
export async function queueStepMail(
  scope: BillingScope,
  subscription: Subscription,
  { recovery, invoice, step }: { recovery: Recovery; invoice: ProviderInvoice; step: string },
): Promise<void> {
  const { id, action, nextRetryAt } = recovery
  const accessUntil = await accessAtStake(scope, subscription)
  const props = { ...invoiceProps(subscription, invoice), accessUntil }
  const isFirst = Number.parseInt(step, 10) === 0
  const first = action === 'authenticate' ? 'payment-action-required' : 'payment-failed'
  const write = (names: Names): MailContent =>
    isFirst
      ? { template: first, props: { ...names, ...props, ...(invoice.url === null && { payLinkFor: id }) } }
      : {
          template: 'payment-reminder',
          props: {
            ...{ ...names, ...props, payLinkFor: id, action },
            ...{ isFinal: step === 'final', retriesAt: nextRetryAt?.toISOString() ?? null },
          },
        }
  const fact = isFirst ? `${first}:${invoice.id}` : `payment-reminder:${invoice.id}:${step}`
  await queueToPayers(scope, subscription, fact, write)
}
