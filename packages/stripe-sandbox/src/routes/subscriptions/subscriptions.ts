import { createSubscription } from '../../billing/create-subscription.ts'
import { endSubscription } from '../../billing/end-subscription.ts'
import { addOneTimeItem } from '../../billing/one-time-items.ts'
import { pauseSubscription, resumeSubscription } from '../../billing/pause-subscription.ts'
import { dropPendingProrations } from '../../billing/pending-items.ts'
import { splitPhase } from '../../billing/schedules.ts'
import { updateSubscriptionTerms } from '../../billing/update-subscription.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest, resourceMissing } from '../../http/errors.ts'
import {
  boolean,
  daysUntilDue,
  either,
  hash,
  integer,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timestamp,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeSubscription, updateSubscription } from '../../resources/subscription.ts'
import type { Account } from '../../state/account.ts'
import { DAY } from '../../time.ts'
import { currencyOf } from '../catalogue/currencies.ts'
import { itemPrice, itemQuantity, NEW_ITEM } from '../catalogue/item-price.ts'
import { ownMethod } from '../customers/customers.ts'
import { DISCOUNTS, readDiscounts } from '../discount-params.ts'
import { ADD_INVOICE_ITEMS, readAddedItems } from '../invoices/add-invoice-items.ts'
import { INVOICE_SETTINGS, readInvoiceSettings } from '../invoices/invoice-settings.ts'
import { checkEachOnce, checkHasEmail, customerInParam, inPath } from '../lookup.ts'
import { AUTOMATIC_TAX, checkEitherTax, checkTaxLocation, readTaxRates, TAX_RATES } from '../tax-params.ts'
import { BILLING_SCHEDULES, readBillingSchedules } from './billing-schedules.ts'
import { checkAnchor, checkTrialEnd } from './check-start.ts'
import { checkPausable, checkPaused, PAUSE, readPause } from './pause-params.ts'
import {
  BILLING_CYCLE_ANCHOR_CONFIG,
  BILLING_MODE,
  BILLING_THRESHOLDS,
  CANCEL_AT,
  cancelTime,
  CANCELLATION_DETAILS,
  COLLECTION_METHOD,
  OWN_TRIAL_SETTINGS,
  PAYMENT_BEHAVIOR,
  PAYMENT_SETTINGS,
  PENDING_INTERVAL,
  readMode,
  readPendingInterval,
  PRORATION_BEHAVIOR,
  readAnchorConfig,
  readThresholds,
  trialEndFields,
} from './subscription-params.ts'
import { readUpdate, UPDATE } from './subscription-update.ts'

const CREATE = hash({
  customer: required(string()),
  items: required(list(NEW_ITEM, { max: 20 })),
  add_invoice_items: ADD_INVOICE_ITEMS,
  automatic_tax: AUTOMATIC_TAX,
  backdate_start_date: timestamp(),
  billing_cycle_anchor: timestamp(),
  billing_cycle_anchor_config: BILLING_CYCLE_ANCHOR_CONFIG,
  billing_schedules: BILLING_SCHEDULES,
  billing_mode: BILLING_MODE,
  billing_thresholds: BILLING_THRESHOLDS,
  cancel_at: CANCEL_AT,
  cancel_at_period_end: boolean(),
  collection_method: COLLECTION_METHOD,
  currency: currencyCode(),
  days_until_due: daysUntilDue(),
  default_payment_method: string(),
  default_tax_rates: TAX_RATES,
  description: string({ max: 500 }),
  discounts: DISCOUNTS,
  invoice_settings: hash(INVOICE_SETTINGS),
  metadata: metadata(),
  off_session: boolean(),
  payment_behavior: PAYMENT_BEHAVIOR,
  payment_settings: PAYMENT_SETTINGS,
  pending_invoice_item_interval: PENDING_INTERVAL,
  proration_behavior: PRORATION_BEHAVIOR,
  trial_end: either(['now'], timestamp()),
  trial_from_plan: boolean(),
  trial_period_days: integer({ min: 0, max: 730 }),
  trial_settings: OWN_TRIAL_SETTINGS,
})
const CANCEL = hash({
  cancellation_details: CANCELLATION_DETAILS,
  invoice_now: boolean(),
  prorate: boolean(),
})
const MIGRATE = hash({
  billing_mode: required(
    hash({
      flexible: hash({ proration_discounts: oneOf('included', 'itemized') }),
      type: required(oneOf('flexible')),
    }),
  ),
})
const RESUME = hash({
  billing_cycle_anchor: hash({ type: required(oneOf('now', 'unchanged')) }),
  payment_behavior: oneOf('resume_on_payment_attempt', 'resume_on_payment_success'),
  proration_behavior: PRORATION_BEHAVIOR,
  proration_date: timestamp(),
})
export const subscriptionRoutes = [
  route('POST', '/subscriptions', CREATE, ({ account, params }) => {
    const customer = customerInParam(account, params.customer)
    const { cancel_at, cancel_at_period_end, trial_end, trial_from_plan } = params
    if (cancel_at !== undefined && cancel_at_period_end)
      throw invalidRequest('You cannot set both `cancel_at` and `cancel_at_period_end`.', {
        param: 'cancel_at',
        code: 'parameters_exclusive',
      })
    if (trial_end !== undefined && params.trial_period_days !== undefined)
      throw exclusiveParams('trial_end', 'trial_period_days', 'trial_end')
    if (trial_from_plan && trial_end !== undefined)
      throw exclusiveParams('trial_from_plan', 'trial_end', 'trial_from_plan')
    const priced = params.items.map((item, index) => ({
      ...item,
      price: itemPrice(account, item, `items[${index}]`),
    }))
    const currency = currencyOf(account, priced, { asked: params.currency, own: customer.currency, list: 'items' })
    const items = priced.map((item, index) => {
      const { billing_thresholds, quantity: wanted, metadata: given, discounts, price, tax_rates } = item
      const quantity = itemQuantity(account, price, wanted, `items[${index}]`)
      return {
        price,
        quantity,
        ...(billing_thresholds && { billing_thresholds }),
        metadata: mergeMetadata({}, given),
        discounts: readDiscounts(account, discounts, {
          customer: customer.id,
          currency,
          param: `items[${index}][discounts]`,
        }),
        tax_rates: readTaxRates(account, tax_rates, `items[${index}][tax_rates]`),
      }
    })
    checkEachOnce(items, 'items')
    if (params.collection_method === 'send_invoice') checkHasEmail(customer)
    const method = params.default_payment_method
    if (method !== undefined) ownMethod(account, customer.id, method, 'default_payment_method')
    const trial_period_days = params.trial_period_days ?? (trial_from_plan ? trialOfPlans(account, items) : 0)
    const now = account.nowOf(customer.id)
    const { billing_cycle_anchor = null } = params
    if (billing_cycle_anchor !== null && billing_cycle_anchor < now)
      throw invalidRequest('billing_cycle_anchor cannot be in the past', { param: 'billing_cycle_anchor' })
    const { backdate_start_date: backdate = null } = params
    if (backdate !== null && backdate > now)
      throw invalidRequest('backdate_start_date cannot be in the future', { param: 'backdate_start_date' })
    checkTrialEnd(trial_end, now, 'trial_end')
    const trialEnd = trial_period_days
      ? now + trial_period_days * DAY
      : typeof trial_end === 'number'
        ? trial_end
        : null
    checkAnchor(account, items, {
      anchor: billing_cycle_anchor,
      start: trialEnd ?? now,
      param: 'billing_cycle_anchor',
    })
    if (typeof cancel_at === 'number' && cancel_at < now)
      throw invalidRequest('`cancel_at` must be in the future.', { param: 'cancel_at' })
    const ends = cancel_at ?? (cancel_at_period_end ? 'min_period_end' : null)

    checkEitherTax(
      params.automatic_tax,
      [params.default_tax_rates, ...params.items.map((item) => item.tax_rates)],
      'default_tax_rates',
    )
    if (params.automatic_tax?.enabled) checkTaxLocation(account, customer.id)
    const row = createSubscription(account, {
      customer: customer.id,
      currency,
      items,
      once: readAddedItems(account, params.add_invoice_items, { customer: customer.id, currency }),
      trial_end: trialEnd,
      backdate,
      billing_cycle_anchor,
      anchorConfig: readAnchorConfig(account, items, params),
      payment_behavior: params.payment_behavior ?? 'allow_incomplete',
      proration_behavior: params.proration_behavior ?? 'create_prorations',
      paidWith: null,
      cancelAt: ends === null ? null : (created) => cancelTime(ends, created),
      schedules:
        params.billing_schedules &&
        readBillingSchedules(account, params.billing_schedules, { list: 'billing_schedules', now }),
      fields: {
        ...(params.automatic_tax?.enabled && { automatic_tax: 'enabled' }),
        ...readMode(params.billing_mode),
        billing_thresholds: readThresholds(params.billing_thresholds),
        cancel_at_period_end: cancel_at_period_end ?? false,
        canceled_at: ends === null ? null : now,
        prorateCancellation: params.proration_behavior !== 'none',
        collection_method: params.collection_method ?? 'charge_automatically',
        days_until_due: params.days_until_due ?? null,
        default_payment_method: method ?? null,
        default_tax_rates: readTaxRates(account, params.default_tax_rates, 'default_tax_rates'),
        description: params.description ?? null,
        discounts: readDiscounts(account, params.discounts, {
          customer: customer.id,
          currency,
          param: 'discounts',
        }),
        metadata: mergeMetadata({}, params.metadata),
        save_default_payment_method: params.payment_settings?.save_default_payment_method ?? 'off',
        ...(params.trial_settings && trialEndFields(params.trial_settings)),
        ...(params.invoice_settings && { invoice_settings: readInvoiceSettings(account, params.invoice_settings) }),
        ...(params.pending_invoice_item_interval && {
          pendingInterval: readPendingInterval(params.pending_invoice_item_interval),
        }),
      },
    })
    return serializeSubscription(account, row)
  }),
  route('GET', '/subscriptions/:id', hash({}), ({ account, id }) =>
    serializeSubscription(account, inPath(account.subscriptions, id, 'subscription')),
  ),
  route('POST', '/subscriptions/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.subscriptions, id, 'subscription')
    for (const item of readAddedItems(account, params.add_invoice_items, old))
      addOneTimeItem(account, item, { ...old, subscription: id })
    updateSubscriptionTerms(account, id, readUpdate(account, old, params))
    splitPhase(account, old)
    return serializeSubscription(account, account.subscriptions.get(id))
  }),
  route('POST', '/subscriptions/:id/migrate', MIGRATE, ({ account, id, params }) => {
    const old = inPath(account.subscriptions, id, 'subscription')
    const wanted = readMode(params.billing_mode)
    if (old.ended_at !== null)
      throw invalidRequest(`You cannot migrate a subscription that is in the \`${old.status}\` status.`)
    if (old.billing_mode === 'flexible' && (old.prorationDiscounts || !wanted.prorationDiscounts))
      throw invalidRequest('This subscription already has this billing mode.', { param: 'billing_mode' })
    const migrated = { ...wanted, migrated: account.nowOf(old.customer) }
    return serializeSubscription(account, updateSubscription(account, id, migrated))
  }),
  route('POST', '/subscriptions/:id/pause', PAUSE, ({ account, id, params }) => {
    const old = inPath(account.subscriptions, id, 'subscription')
    checkPausable(old)
    return serializeSubscription(account, pauseSubscription(account, id, readPause(params)))
  }),
  route('POST', '/subscriptions/:id/resume', RESUME, ({ account, id, params }) => {
    const old = inPath(account.subscriptions, id, 'subscription')
    checkPaused(account, old, params.payment_behavior)
    const onSuccessOnly = params.payment_behavior === 'resume_on_payment_success'
    return serializeSubscription(
      account,
      resumeSubscription(account, id, { anchor: params.billing_cycle_anchor?.type ?? 'now', onSuccessOnly }),
    )
  }),
  route('DELETE', '/subscriptions/:id', CANCEL, ({ account, id, params }) => {
    const old = inPath(account.subscriptions, id, 'subscription')
    if (old.status === 'canceled' || old.status === 'incomplete_expired')
      throw resourceMissing('subscription', id, { inPath: true })
    const { invoice_now = false, prorate = false, cancellation_details } = params
    // Subscriptions.d.ts, `SubscriptionResource.cancel`.
    if (!invoice_now && !prorate) dropPendingProrations(account, old)
    return serializeSubscription(
      account,
      endSubscription(account, id, {
        ...cancellation_details,
        invoiceNow: invoice_now,
        prorate,
        reason: 'cancellation_requested',
      }),
    )
  }),
]

/** The longest trial of the items' prices, in days. */
function trialOfPlans(account: Account, items: readonly { price: string }[]): number {
  return Math.max(0, ...items.map(({ price }) => account.prices.get(price).trial_period_days ?? 0))
}
