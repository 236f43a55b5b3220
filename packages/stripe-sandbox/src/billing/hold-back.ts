import { updateInvoice } from '../resources/invoice.ts'
import type { Account } from '../state/account.ts'
import { followPaid } from './follow-payment.ts'
import { finalizeInvoice, markUncollectible, voidInvoice } from './invoicing.ts'

/**
 * Does with the draft of a subscription's invoice what its `pause_collection` says: nothing is collected.
 *
 * @see https://docs.stripe.com/billing/subscriptions/pause-payment
 */
export function holdBack(account: Account, id: string): void {
  const { subscription } = account.invoices.get(id)
  const behavior =
    subscription === null ? undefined : account.subscriptions.get(subscription).pause_collection?.behavior
  if (behavior === 'keep_as_draft') {
    updateInvoice(account, id, { auto_advance: false, automatically_finalizes_at: null })
    return
  }
  if (finalizeInvoice(account, id).status === 'paid') followPaid(account, id)
  else if (behavior === 'void') voidInvoice(account, id)
  else markUncollectible(account, id)
}
