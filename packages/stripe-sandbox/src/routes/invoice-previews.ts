import { createSubscription } from '../billing/create-subscription.ts'
import { nothingUpcoming, previewInvoice } from '../billing/preview-invoice.ts'
import { invalidRequest, missingParam } from '../http/errors.ts'
import { boolean, hash, mergeMetadata, oneOf, string, type ParamValue } from '../http/params.ts'
import { route } from '../http/route.ts'
import { newId } from '../ids.ts'
import { serializeInvoice } from '../resources/invoice.ts'
import type { Account } from '../state/account.ts'
import { itemPrice } from './item-price.ts'
import { customerInParam, inParam } from './lookup.ts'
import { readCancellation, readTerms, TERMS } from './subscription-update.ts'

const PREVIEW = hash({
  customer: string(),
  currency: string(),
  preview_mode: oneOf('next', 'recurring'),
  subscription: string(),
  subscription_details: hash({ ...TERMS, cancel_now: boolean() }),
})

export const invoicePreviewRoutes = [
  route('POST', '/invoices/create_preview', PREVIEW, ({ account, params }) => {
    const { customer, subscription: id, subscription_details: details = {} } = params
    if (customer !== undefined) customerInParam(account, customer)
    if (id === undefined) return previewNew(account, customer, details)
    const subscription = inParam(account.subscriptions, id, 'subscription', 'subscription')
    if (customer !== undefined && subscription.customer !== customer) {
      throw invalidRequest(`The subscription ${id} does not belong to the customer ${customer}.`, {
        param: 'subscription',
      })
    }
    if (subscription.ended_at !== null) throw nothingUpcoming(subscription.customer)
    const terms = readTerms(account, subscription, details, 'subscription_details')
    const change = {
      fields: readCancellation(account, subscription, details),
      terms,
      paymentBehavior: 'allow_incomplete' as const,
    }
    return previewInvoice(account, subscription, change, { cancelNow: details.cancel_now ?? false })
  }),
]

/** Previews the first invoice of a subscription that does not exist yet. */
function previewNew(
  account: Account,
  customer: string | undefined,
  details: NonNullable<ParamValue<typeof PREVIEW>['subscription_details']>,
): unknown {
  if (customer === undefined) throw missingParam('customer')
  const { items, trial_end } = details
  if (!items || items.length === 0) throw nothingUpcoming(customer)
  const wanted = items.map(({ price, price_data, quantity = 1, metadata }, index) => ({
    price: itemPrice(account, { price, price_data }, `subscription_details[items][${index}]`),
    quantity,
    metadata: mergeMetadata({}, metadata),
  }))
  return account.journal.rehearse(() => {
    const { latest_invoice } = createSubscription(account, {
      customer,
      items: wanted,
      trial_end: typeof trial_end === 'number' ? trial_end : null,
      billing_cycle_anchor: null,
      payment_behavior: 'default_incomplete',
      proration_behavior: details.proration_behavior ?? 'create_prorations',
      paidWith: null,
      fields: {},
    })
    const row = {
      ...account.invoices.get(latest_invoice ?? ''),
      id: newId('upcoming_in'),
      status: 'draft' as const,
      number: null,
      subscription: null,
    }
    return serializeInvoice(account, row)
  })
}
