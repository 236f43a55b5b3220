import type { TermsChange } from '../../billing/change-terms.ts'
import type { ItemChange } from '../../billing/place-items.ts'
import { checkPrebilledDiscounts } from '../../billing/prebilling.ts'
import type { SubscriptionChange } from '../../billing/update-subscription.ts'
import { exclusiveParams, invalidRequest, resourceMissing } from '../../http/errors.ts'
import {
  boolean,
  clearable,
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
  type ParamValue,
} from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import { hasCurrency } from '../../state/price-in.ts'
import type { SubscriptionRow } from '../../state/rows/subscription.ts'
import { DAY } from '../../time.ts'
import { ITEM_PRICE_DATA, ITEM_THRESHOLDS, itemPrice, itemQuantity } from '../catalogue/item-price.ts'
import { ownMethod } from '../customers/customers.ts'
import { DISCOUNTS } from '../discount-params.ts'
import { ADD_INVOICE_ITEMS } from '../invoices/add-invoice-items.ts'
import { checkEditable } from '../invoices/check-editable.ts'
import { INVOICE_SETTINGS, readInvoiceSettings } from '../invoices/invoice-settings.ts'
import { checkEachOnce, checkHasEmail, inParam } from '../lookup.ts'
import { AUTOMATIC_TAX, checkEitherTax, checkTaxLocation, TAX_RATES } from '../tax-params.ts'
import { BILLING_SCHEDULES, readBillingSchedules } from './billing-schedules.ts'
import { checkTrialEnd } from './check-start.ts'
import { readCancellation } from './subscription-cancellation.ts'
import {
  BILLING_THRESHOLDS,
  CANCEL_AT,
  CANCELLATION_DETAILS,
  COLLECTION_METHOD,
  OWN_TRIAL_SETTINGS,
  PAYMENT_BEHAVIOR,
  PAYMENT_SETTINGS,
  PENDING_INTERVAL,
  pendingFields,
  PRORATION_BEHAVIOR,
  readThresholds,
  trialEndFields,
} from './subscription-params.ts'
import { readItemPricing, readPricing } from './subscription-pricing.ts'

/** The parameters that change a subscription's terms, in updates and in previews of updates. */
export const TERMS = {
  billing_cycle_anchor: hash({ type: required(oneOf('now', 'unchanged')) }),
  billing_schedules: clearable(BILLING_SCHEDULES),
  cancel_at: clearable(CANCEL_AT),
  cancel_at_period_end: boolean(),
  default_tax_rates: TAX_RATES,
  items: list(
    hash({
      id: string(),
      plan: string(),
      price: string(),
      price_data: ITEM_PRICE_DATA,
      quantity: integer({ min: 0 }),
      deleted: boolean(),
      clear_usage: boolean(),
      metadata: metadata(),
      billing_thresholds: ITEM_THRESHOLDS,
      discounts: DISCOUNTS,
      tax_rates: TAX_RATES,
    }),
    { max: 20 },
  ),
  proration_behavior: PRORATION_BEHAVIOR,
  proration_date: timestamp(),
  trial_end: either(['now'], timestamp()),
}

export const UPDATE = hash({
  ...TERMS,
  add_invoice_items: ADD_INVOICE_ITEMS,
  automatic_tax: AUTOMATIC_TAX,
  billing_thresholds: BILLING_THRESHOLDS,
  cancellation_details: CANCELLATION_DETAILS,
  collection_method: COLLECTION_METHOD,
  days_until_due: daysUntilDue(),
  default_payment_method: clearable(string()),
  description: clearable(string({ max: 500 })),
  discounts: DISCOUNTS,
  invoice_settings: hash(INVOICE_SETTINGS),
  metadata: metadata(),
  off_session: boolean(),
  pause_collection: clearable(
    hash({ behavior: required(oneOf('keep_as_draft', 'mark_uncollectible', 'void')), resumes_at: timestamp() }),
  ),
  payment_behavior: PAYMENT_BEHAVIOR,
  payment_settings: PAYMENT_SETTINGS,
  pending_invoice_item_interval: PENDING_INTERVAL,
  trial_from_plan: boolean(),
  trial_settings: OWN_TRIAL_SETTINGS,
})

export type UpdateParams = ParamValue<typeof UPDATE>
type TermsParams = Pick<UpdateParams, keyof typeof TERMS>

/**
 * Checks an update against the current subscription, and turns it into the changes to make.
 *
 * @throws {StripeApiError} 400 if the subscription can't be changed like this.
 */
export function readUpdate(account: Account, old: SubscriptionRow, params: UpdateParams): SubscriptionChange {
  checkEditable(old, params)
  const method = params.default_payment_method
  if (method) ownMethod(account, old.customer, method, 'default_payment_method')
  if (params.collection_method === 'send_invoice') checkHasEmail(account.customers.get(old.customer))
  const { automatic_tax, pause_collection } = params
  if (params.billing_schedules && params.payment_behavior === 'pending_if_incomplete')
    throw invalidRequest('You cannot set `billing_schedules` together with `payment_behavior=pending_if_incomplete`.', {
      param: 'billing_schedules',
    })
  checkEitherTax(automatic_tax, [params.default_tax_rates ?? old.default_tax_rates], 'default_tax_rates')
  if (automatic_tax?.enabled) checkTaxLocation(account, old.customer)
  if (pause_collection?.resumes_at !== undefined && pause_collection.resumes_at <= account.nowOf(old.customer))
    throw invalidRequest('`resumes_at` must be in the future.', { param: 'pause_collection[resumes_at]' })
  const terms = readTerms(account, old, withTrialOfPlan(account, old, params), '')
  const pricing = readPricing(account, old, params, '')
  if (old.billing_schedules?.length && params.billing_schedules === undefined) {
    const ofItems = terms?.items?.flatMap((item) => item.discounts ?? []) ?? []
    checkPrebilledDiscounts(account, [...(pricing.discounts ?? []), ...ofItems], 'discounts')
  }
  return {
    fields: {
      ...readCancellation(account, old, params, terms?.schedules),
      ...(params.billing_schedules === null && { billing_schedules: [] }),
      ...(automatic_tax && { automatic_tax: automatic_tax.enabled ? ('enabled' as const) : undefined }),
      ...(params.billing_thresholds !== undefined && {
        billing_thresholds: readThresholds(params.billing_thresholds),
      }),
      ...(params.collection_method && { collection_method: params.collection_method }),
      ...(params.days_until_due !== undefined && { days_until_due: params.days_until_due }),
      ...(method !== undefined && { default_payment_method: method }),
      ...(params.description !== undefined && { description: params.description }),
      ...pricing,
      ...(pause_collection !== undefined && {
        pause_collection: pause_collection && { resumes_at: null, ...pause_collection },
      }),
      ...(params.payment_settings?.save_default_payment_method && {
        save_default_payment_method: params.payment_settings.save_default_payment_method,
      }),
      ...(params.invoice_settings && {
        invoice_settings: readInvoiceSettings(
          account,
          params.invoice_settings,
          'invoice_settings',
          old.invoice_settings,
        ),
      }),
      ...pendingFields(params.pending_invoice_item_interval, {
        anchor: old.billing_cycle_anchor,
        now: account.nowOf(old.customer),
      }),
      ...(params.trial_settings && trialEndFields(params.trial_settings)),
      metadata: mergeMetadata(old.metadata, params.metadata),
    },
    terms,
    paymentBehavior: params.payment_behavior ?? 'allow_incomplete',
  }
}

/** Replaces `trial_from_plan` by the trial that the subscription's prices have, if they have one. */
function withTrialOfPlan(account: Account, old: SubscriptionRow, params: UpdateParams): UpdateParams {
  if (!params.trial_from_plan) return params
  if (params.trial_end !== undefined) throw exclusiveParams('trial_from_plan', 'trial_end', 'trial_from_plan')
  const prices = params.items?.flatMap(({ plan, price = plan }) => price ?? []) ?? old.items.map(({ price }) => price)
  const days = Math.max(0, ...prices.map((price) => account.prices.find(price)?.trial_period_days ?? 0))
  return days === 0 ? params : { ...params, trial_end: account.nowOf(old.customer) + days * DAY }
}

/**
 * Reads the change of a subscription's terms. `within` is the parameter that holds them: empty for an update,
 * `subscription_details` for a preview.
 *
 * @returns null if the request changes no terms.
 * @throws {StripeApiError} 400 for items or times that don't fit the subscription.
 */
export function readTerms(
  account: Account,
  old: SubscriptionRow,
  params: TermsParams,
  within: string,
): TermsChange | null {
  const { items, trial_end, billing_cycle_anchor, billing_schedules, proration_behavior, proration_date } = params
  const name = (param: string): string => (within ? `${within}[${param}]` : param)
  const changes = items !== undefined || trial_end !== undefined || billing_cycle_anchor?.type === 'now'
  if (!changes && !billing_schedules) return null
  const now = account.nowOf(old.customer)
  checkProrationDate(old, proration_date, name('proration_date'))
  checkTrialEnd(trial_end, now, name('trial_end'))
  return {
    items: items === undefined ? null : readItems(account, old, items, name('items')),
    proration: proration_behavior ?? 'create_prorations',
    at: proration_date ?? now,
    anchor: billing_cycle_anchor?.type ?? 'unchanged',
    trialEnd: trial_end === 'now' && old.status !== 'trialing' ? null : (trial_end ?? null),
    ...(billing_schedules && {
      schedulesParam: name('billing_schedules'),
      schedules: readBillingSchedules(account, billing_schedules, {
        list: name('billing_schedules'),
        now,
        present: old.billing_schedules,
      }),
    }),
  }
}

/** Applies item changes to a subscription: an item without an id is added, an item with an id replaces that item. */
function readItems(
  account: Account,
  old: SubscriptionRow,
  given: NonNullable<TermsParams['items']>,
  param: string,
): ItemChange[] {
  const items: ItemChange[] = old.items.map(({ id, price, quantity, metadata: kept }) => ({
    id,
    price,
    quantity,
    metadata: kept,
  }))
  for (const [index, item] of given.entries()) {
    const { id, plan, price = plan, price_data, quantity, deleted = false, metadata: changes } = item
    const name = `${param}[${index}]`
    if (id === undefined) {
      const added = itemPrice(account, { price, price_data }, name)
      items.push({
        id: null,
        price: added,
        quantity: itemQuantity(account, added, quantity, name),
        metadata: mergeMetadata({}, changes),
        ...readItemPricing(account, old, item, name),
      })
      continue
    }
    const place = items.findIndex((item) => item.id === id)
    const before = items[place]
    if (!before) throw resourceMissing('subscription_item', id, { param: `${name}[id]` })
    if (deleted) {
      items.splice(place, 1)
      continue
    }
    const stays = price_data === undefined && (price === undefined || price === before.price)
    const chosen = stays
      ? inParam(account.prices, before.price, 'price', `${name}[price]`)
      : account.prices.get(itemPrice(account, { price, price_data }, name))
    const own = old.currency
    if (!hasCurrency(chosen, own))
      throw invalidRequest(
        `The price specified supports currencies of \`${chosen.currency}\`. This doesn't match the expected currency: \`${own}\`.`,
        { param: `${name}[price]` },
      )
    items[place] = {
      id,
      price: chosen.id,
      // A new price resets the quantity (Subscriptions.d.ts, `SubscriptionUpdateParams.Item.price`).
      quantity: quantity === undefined && stays ? before.quantity : itemQuantity(account, chosen.id, quantity, name),
      metadata: mergeMetadata(before.metadata, changes),
      ...readItemPricing(account, old, item, name),
    }
  }
  checkEachOnce(items, param)
  if (items.length === 0)
    throw invalidRequest(
      'A subscription must have at least one active plan. To cancel the subscription, please use the cancel API endpoint on subscriptions.',
      { param },
    )
  return items
}

function checkProrationDate(old: SubscriptionRow, date: number | undefined, param: string): void {
  if (date === undefined) return
  const start = Math.max(...old.items.map((item) => item.current_period_start))
  const end = Math.min(...old.items.map((item) => item.current_period_end))
  if (date < start || date > end) {
    throw invalidRequest('Cannot specify proration date outside of current subscription period', { param })
  }
}
