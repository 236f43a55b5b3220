import { createSubscription } from '../billing/create-subscription.ts'
import { nothingUpcoming, previewInvoice } from '../billing/preview-invoice.ts'
import { invalidRequest, missingParam } from '../http/errors.ts'
import { boolean, hash, mergeMetadata, oneOf, string, type ParamValue } from '../http/params.ts'
import { route } from '../http/route.ts'
import { newId } from '../ids.ts'
import { serializeInvoice } from '../resources/invoice.ts'
import type { Account } from '../state/account.ts'
import { DISCOUNTS, readDiscounts } from './discount-params.ts'
import { itemPrice, itemQuantity } from './item-price.ts'
import { customerInParam, inParam } from './lookup.ts'
import { readPricing } from './subscription-pricing.ts'
import { readCancellation, readTerms, TERMS } from './subscription-update.ts'
import { AUTOMATIC_TAX, readTaxRates } from './tax-params.ts'

const PREVIEW = hash({
  automatic_tax: AUTOMATIC_TAX,
  customer: string(),
  currency: string(),
  discounts: DISCOUNTS,
  preview_mode: oneOf('next', 'recurring'),
  subscription: string(),
  subscription_details: hash({ ...TERMS, cancel_now: boolean() }),
})

export const invoicePreviewRoutes = [
  route('POST', '/invoices/create_preview', PREVIEW, ({ account, params }) => {
    const { customer, subscription: id, subscription_details: details = {} } = params
    if (customer !== undefined) customerInParam(account, customer)
    if (id === undefined) return previewNew(account, customer, details, params.discounts)
    const subscription = inParam(account.subscriptions, id, 'subscription', 'subscription')
    if (customer !== undefined && subscription.customer !== customer) {
      throw invalidRequest(`The subscription ${id} does not belong to the customer ${customer}.`, {
        param: 'subscription',
      })
    }
    if (subscription.ended_at !== null) throw nothingUpcoming(subscription.customer)
    return account.journal.rehearse(() => {
      const { default_tax_rates } = details
      const change = {
        fields: {
          ...readCancellation(account, subscription, details),
          ...readPricing(
            account,
            subscription,
            { discounts: params.discounts, default_tax_rates },
            'subscription_details',
          ),
        },
        terms: readTerms(account, subscription, details, 'subscription_details'),
        paymentBehavior: 'allow_incomplete' as const,
      }
      return previewInvoice(account, subscription, change, { cancelNow: details.cancel_now ?? false })
    })
  }),
]

/** Previews the first invoice of a subscription that does not exist yet. */
function previewNew(
  account: Account,
  customer: string | undefined,
  details: NonNullable<ParamValue<typeof PREVIEW>['subscription_details']>,
  discounts: ParamValue<typeof DISCOUNTS> | undefined,
): unknown {
  if (customer === undefined) throw missingParam('customer')
  const { items, trial_end } = details
  if (!items || items.length === 0) throw nothingUpcoming(customer)
  return account.journal.rehearse(() => {
    const wanted = items.map((item, index) => {
      const { plan, price = plan, price_data, metadata } = item
      const param = `subscription_details[items][${index}]`
      const id = itemPrice(account, { price, price_data }, param)
      const quantity = itemQuantity(account, id, item.quantity, param)
      const { currency } = account.prices.get(id)
      return {
        price: id,
        quantity,
        metadata: mergeMetadata({}, metadata),
        discounts: readDiscounts(account, item.discounts, { customer, currency, param: `${param}[discounts]` }),
        tax_rates: readTaxRates(account, item.tax_rates, `${param}[tax_rates]`),
      }
    })
    const { currency } = account.prices.get(wanted[0]?.price ?? '')
    const { latest_invoice } = createSubscription(account, {
      customer,
      items: wanted,
      trial_end: typeof trial_end === 'number' ? trial_end : null,
      billing_cycle_anchor: null,
      payment_behavior: 'default_incomplete',
      proration_behavior: details.proration_behavior ?? 'create_prorations',
      paidWith: null,
      fields: {
        discounts: readDiscounts(account, discounts, { customer, currency, param: 'discounts' }),
        default_tax_rates: readTaxRates(account, details.default_tax_rates, 'subscription_details[default_tax_rates]'),
      },
    })
    if (latest_invoice === null) throw nothingUpcoming(customer)
    const row = {
      ...account.invoices.get(latest_invoice),
      id: newId('upcoming_in'),
      status: 'draft' as const,
      number: null,
      subscription: null,
    }
    return serializeInvoice(account, row)
  })
}
