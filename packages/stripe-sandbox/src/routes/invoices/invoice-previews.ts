import type Stripe from 'stripe'
import { createSubscription, type NewSubscription } from '../../billing/create-subscription.ts'
import { draftInvoice } from '../../billing/invoicing.ts'
import { pauseSubscription, resumeSubscription } from '../../billing/pause-subscription.ts'
import { pendingItems, takeUp } from '../../billing/pending-items.ts'
import { atTime, nothingUpcoming, previewInvoice, previewOf } from '../../billing/preview-invoice.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { invalidRequest, missingParam } from '../../http/errors.ts'
import {
  boolean,
  hash,
  integer,
  list,
  mergeMetadata,
  oneOf,
  required,
  string,
  timestamp,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { newId } from '../../ids.ts'
import { createCustomer } from '../../resources/customer.ts'
import { serializeInvoice } from '../../resources/invoice.ts'
import type { Account } from '../../state/account.ts'
import type { SubscriptionRow } from '../../state/rows/subscription.ts'
import { computeAutomaticTax } from '../../taxes/automatic-tax.ts'
import type { Wire } from '../../wire.ts'
import { currencyOf } from '../catalogue/currencies.ts'
import { itemPrice, itemQuantity } from '../catalogue/item-price.ts'
import { DISCOUNTS, readDiscounts } from '../discount-params.ts'
import { customerInParam, inParam } from '../lookup.ts'
import { readBillingSchedules } from '../subscriptions/billing-schedules.ts'
import { checkAnchor, checkTrialEnd } from '../subscriptions/check-start.ts'
import { checkPausable, checkPaused, PAUSE, readPause } from '../subscriptions/pause-params.ts'
import { readCancellation } from '../subscriptions/subscription-cancellation.ts'
import { BILLING_MODE, readMode } from '../subscriptions/subscription-params.ts'
import { readPricing } from '../subscriptions/subscription-pricing.ts'
import { readTerms, TERMS } from '../subscriptions/subscription-update.ts'
import { AUTOMATIC_TAX, readTaxRates } from '../tax-params.ts'
import { createInvoiceItem, INVOICE_ITEM, readTaxTerms, readUnits } from './create-invoice-item.ts'
import { asDetailed, CUSTOMER_DETAILS } from './preview-details.ts'
import { isPlanned, previewPlan, SCHEDULE_DETAILS } from './schedule-previews.ts'

/** The parameters of a preview. */
export const PREVIEW_PARAMS = {
  automatic_tax: AUTOMATIC_TAX,
  customer: string(),
  customer_details: CUSTOMER_DETAILS,
  currency: currencyCode(),
  discounts: DISCOUNTS,
  invoice_items: list(hash({ ...INVOICE_ITEM, invoiceitem: string(), price: string(), unit_amount: integer() }), {
    max: 250,
  }),
  preview_mode: oneOf('next', 'recurring'),
  schedule: string(),
  schedule_details: SCHEDULE_DETAILS,
  subscription: string(),
  subscription_details: hash({
    ...TERMS,
    billing_cycle_anchor: hash({ type: required(oneOf('now', 'timestamp', 'unchanged')), timestamp: timestamp() }),
    billing_mode: BILLING_MODE,
    cancel_now: boolean(),
    pause: PAUSE,
    resume_at: oneOf('now'),
    start_date: timestamp(),
  }),
}
const PREVIEW = hash(PREVIEW_PARAMS)

type Params = ParamValue<typeof PREVIEW>

export const invoicePreviewRoutes = [
  route('POST', '/invoices/create_preview', PREVIEW, ({ account, params }) => preview(account, params)),
]

/**
 * Previews the next invoice of a subscription, of a new one, or of a customer.
 *
 * @throws {StripeApiError} 404 `invoice_upcoming_none` when nothing more will be billed.
 */
export function preview(account: Account, params: Params): Wire<Stripe.Invoice> {
  const { customer, subscription_details: details = {} } = params
  if (customer !== undefined) customerInParam(account, customer)
  if (params.schedule_details !== undefined || isPlanned(account, params.schedule)) return previewPlan(account, params)
  const id = params.subscription ?? subscriptionOf(account, params)
  if (id === undefined) return previewNew(account, params)
  const subscription = inParam(account.subscriptions, id, 'subscription', 'subscription')
  if (customer !== undefined && subscription.customer !== customer) {
    throw invalidRequest(`The subscription ${id} does not belong to the customer ${customer}.`, {
      param: 'subscription',
    })
  }
  if (subscription.ended_at !== null) throw nothingUpcoming(subscription.customer)
  const isTaxed = params.automatic_tax?.enabled ?? subscription.automatic_tax === 'enabled'
  // Otherwise the preview's tax rates would be gone after it.
  if (isTaxed) computeAutomaticTax(account, subscription.customer)
  return account.journal.rehearse(() => {
    const { default_tax_rates, pause, resume_at } = details
    asDetailed(account, subscription.customer, params.customer_details)
    addItems(account, subscription.customer, params.invoice_items)
    if (pause && Object.keys(pause).length > 0) {
      checkPausable(subscription)
      return previewOf(account, subscription, () => pauseSubscription(account, id, readPause(pause)))
    }
    if (resume_at) {
      checkPaused(account, subscription)
      const anchor = details.billing_cycle_anchor?.type === 'unchanged' ? 'unchanged' : 'now'
      return previewOf(account, subscription, () => resumeSubscription(account, id, { anchor, onSuccessOnly: false }))
    }
    const terms = readTerms(account, subscription, asUpdate(details), 'subscription_details')
    const change = {
      fields: {
        ...readCancellation(account, subscription, details, terms?.schedules),
        ...(params.automatic_tax && { automatic_tax: isTaxed ? ('enabled' as const) : undefined }),
        ...readPricing(
          account,
          subscription,
          { discounts: params.discounts, default_tax_rates },
          'subscription_details',
        ),
      },
      terms,
      paymentBehavior: 'allow_incomplete' as const,
    }
    return previewInvoice(account, subscription, change, { cancelNow: details.cancel_now ?? false })
  })
}

/** The subscription of the schedule, or the one that is billed next of a customer without new items. */
function subscriptionOf(
  account: Account,
  { customer, schedule, subscription_details: details }: Params,
): string | undefined {
  if (schedule !== undefined) {
    const { subscription } = inParam(account.schedules, schedule, 'subscription schedule', 'schedule')
    return subscription ?? undefined
  }
  if (customer === undefined || details?.items) return undefined
  const end = ({ items }: SubscriptionRow): number => Math.min(...items.map((item) => item.current_period_end))
  return account.subscriptions
    .by('customer', customer)
    .filter(({ status }) => status === 'active' || status === 'trialing' || status === 'past_due')
    .toSorted((one, other) => end(one) - end(other))[0]?.id
}

/** Adds items to a preview, or changes those that are pending. */
function addItems(account: Account, customerId: string, given: Params['invoice_items'] = []): void {
  const customer = account.customers.get(customerId)
  for (const [index, { invoiceitem, unit_amount, ...item }] of given.entries()) {
    const name = (param: string): string => `invoice_items[${index}][${param}]`
    const amount = item.amount ?? (unit_amount === undefined ? undefined : unit_amount * (item.quantity ?? 1))
    if (invoiceitem !== undefined) {
      const { id } = inParam(account.invoiceItems, invoiceitem, 'invoiceitem', name('invoiceitem'))
      account.invoiceItems.patch(id, {
        ...(amount !== undefined && { amount }),
        ...(item.description !== undefined && { description: item.description }),
        ...readUnits(item, name, account.invoiceItems.get(id)),
        ...readTaxTerms(item),
      })
    } else createInvoiceItem(account, customer, { ...item, ...(amount !== undefined && { amount }) }, name)
  }
}

/** Previews an invoice of what is pending for a customer. */
function previewPending(account: Account, customer: string, params: Params): Wire<Stripe.Invoice> {
  const isTaxed = params.automatic_tax?.enabled ?? false
  if (isTaxed) computeAutomaticTax(account, customer)
  return account.journal.rehearse(() => {
    asDetailed(account, customer, params.customer_details)
    addItems(account, customer, params.invoice_items)
    const { currency: own } = account.customers.get(customer)
    const currency = params.currency ?? own ?? 'usd'
    const items = pendingItems(account, customer, currency, null)
    if (items.length === 0) throw nothingUpcoming(customer)
    const draft = draftInvoice(account, {
      customer,
      currency,
      automatic_tax: isTaxed ? computeAutomaticTax(account, customer) : null,
      billing_reason: 'manual',
      discounts: readDiscounts(account, params.discounts, { customer, currency, param: 'discounts' }),
      id: newId('upcoming_in'),
      lines: takeUp(account, items),
    })
    return serializeInvoice(account, draft)
  })
}

/** Previews the first invoice of a subscription that does not exist yet. */
function previewNew(account: Account, params: Params): Wire<Stripe.Invoice> {
  const { automatic_tax, customer: given, customer_details, discounts, subscription_details: details = {} } = params
  if (given === undefined && customer_details === undefined) throw missingParam('customer')
  const { items, trial_end } = details
  if (!items || items.length === 0) {
    if (given === undefined) throw nothingUpcoming('')
    return previewPending(account, given, params)
  }
  if (automatic_tax?.enabled && given !== undefined) computeAutomaticTax(account, given)
  return account.journal.rehearse(() => {
    const customer = given ?? createCustomer(account, {}).id
    asDetailed(account, customer, customer_details)
    addItems(account, customer, params.invoice_items)
    const priced = items.map(({ plan, price = plan, price_data, ...item }, index) => ({
      ...item,
      price: itemPrice(account, { price, price_data }, `subscription_details[items][${index}]`),
    }))
    const { currency: own } = account.customers.get(customer)
    const currency = currencyOf(account, priced, { asked: params.currency, own, list: 'subscription_details[items]' })
    const wanted = priced.map(({ price, metadata, ...item }, index) => {
      const param = `subscription_details[items][${index}]`
      return {
        price,
        quantity: itemQuantity(account, price, item.quantity, param),
        metadata: mergeMetadata({}, metadata),
        discounts: readDiscounts(account, item.discounts, { customer, currency, param: `${param}[discounts]` }),
        tax_rates: readTaxRates(account, item.tax_rates, `${param}[tax_rates]`),
      }
    })
    // A subscription that starts later is seen as it will be then.
    const now = Math.max(account.nowOf(customer), details.start_date ?? 0)
    const start = startOf(details, now)
    checkTrialEnd(trial_end, now, 'subscription_details[trial_end]')
    checkAnchor(account, wanted, {
      anchor: start.billing_cycle_anchor,
      start: typeof trial_end === 'number' ? trial_end : now,
      param: 'subscription_details[billing_cycle_anchor][timestamp]',
    })
    const wish: NewSubscription = {
      customer,
      currency,
      items: wanted,
      trial_end: typeof trial_end === 'number' ? trial_end : null,
      ...start,
      payment_behavior: 'default_incomplete',
      proration_behavior: details.proration_behavior ?? 'create_prorations',
      paidWith: null,
      schedulesParam: 'subscription_details[billing_schedules]',
      schedules: readBillingSchedules(account, details.billing_schedules ?? [], {
        list: 'subscription_details[billing_schedules]',
        now,
      }),
      fields: {
        ...readMode(details.billing_mode),
        ...(automatic_tax?.enabled && { automatic_tax: 'enabled' }),
        discounts: readDiscounts(account, discounts, { customer, currency, param: 'discounts' }),
        default_tax_rates: readTaxRates(account, details.default_tax_rates, 'subscription_details[default_tax_rates]'),
      },
    }
    const { test_clock } = account.customers.get(customer)
    const { latest_invoice } = atTime(account, test_clock, now, () => createSubscription(account, wish))
    if (latest_invoice === null) throw nothingUpcoming(customer)
    const draft = account.invoices.get(latest_invoice)
    const row = {
      ...draft,
      automatic_tax: draft.automatic_tax && { ...draft.automatic_tax, disabled: null },
      id: newId('upcoming_in'),
      status: 'draft' as const,
      number: null,
      subscription: null,
    }
    return serializeInvoice(account, row)
  })
}

type Details = NonNullable<Params['subscription_details']>

/** @throws {StripeApiError} 400 for what only a new subscription can have. */
function asUpdate({ billing_cycle_anchor: anchor, ...details }: Details): Parameters<typeof readTerms>[2] {
  if (anchor?.type === 'timestamp' || details.start_date !== undefined)
    throw invalidRequest('Only the preview of a new subscription can have a start date, or a time as its anchor.', {
      param: `subscription_details[${anchor?.type === 'timestamp' ? 'billing_cycle_anchor' : 'start_date'}]`,
    })
  return { ...details, ...(anchor && { billing_cycle_anchor: { type: anchor.type } }) }
}

/**
 * When a new subscription starts, and when its periods begin.
 *
 * @throws {StripeApiError} 400 for an anchor in the past.
 */
function startOf(
  { billing_cycle_anchor: anchor, start_date }: Details,
  now: number,
): Pick<NewSubscription, 'backdate' | 'billing_cycle_anchor'> {
  const time = anchor?.type === 'timestamp' ? (anchor.timestamp ?? null) : null
  if (time !== null && time < now)
    throw invalidRequest('billing_cycle_anchor cannot be in the past', {
      param: 'subscription_details[billing_cycle_anchor][timestamp]',
    })
  return { backdate: start_date === undefined || start_date >= now ? null : start_date, billing_cycle_anchor: time }
}
