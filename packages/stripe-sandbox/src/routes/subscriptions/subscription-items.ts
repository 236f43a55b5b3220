import { splitPhase } from '../../billing/schedules.ts'
import { updateSubscriptionTerms } from '../../billing/update-subscription.ts'
import { resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import { boolean, hash, integer, metadata, required, string, timestamp, type ParamValue } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializeItem } from '../../resources/subscription.ts'
import type { Account } from '../../state/account.ts'
import type { ItemRow, SubscriptionRow } from '../../state/rows/subscription.ts'
import { ITEM_PRICE_DATA, ITEM_THRESHOLDS } from '../catalogue/item-price.ts'
import { DISCOUNTS } from '../discount-params.ts'
import { inParam, inPath } from '../lookup.ts'
import { TAX_RATES } from '../tax-params.ts'
import { PAYMENT_BEHAVIOR, PRORATION_BEHAVIOR } from './subscription-params.ts'
import { readUpdate, type UpdateParams } from './subscription-update.ts'

const BILLING = { proration_behavior: PRORATION_BEHAVIOR, proration_date: timestamp() }
const TERMS = {
  ...BILLING,
  billing_thresholds: ITEM_THRESHOLDS,
  discounts: DISCOUNTS,
  metadata: metadata(),
  payment_behavior: PAYMENT_BEHAVIOR,
  /** The older name of `price`. */
  plan: string(),
  price: string(),
  price_data: ITEM_PRICE_DATA,
  quantity: integer({ min: 0 }),
  tax_rates: TAX_RATES,
}
const CREATE = hash({ ...TERMS, subscription: required(string()) })
const UPDATE = hash({ ...TERMS, off_session: boolean() })
const REMOVE = hash({ ...BILLING, clear_usage: boolean(), payment_behavior: PAYMENT_BEHAVIOR })

type ItemParams = Pick<
  ParamValue<typeof CREATE>,
  'billing_thresholds' | 'discounts' | 'metadata' | 'plan' | 'price' | 'price_data' | 'quantity' | 'tax_rates'
>

/** Each change of an item is an update of its subscription: https://docs.stripe.com/api/subscription_items */
export const subscriptionItemRoutes = [
  route('POST', '/subscription_items', CREATE, ({ account, params }) => {
    const { subscription: id, ...given } = params
    const { billing, item } = splitItem(given)
    const old = inParam(account.subscriptions, id, 'subscription', 'subscription')
    const { items } = update(account, old, { ...billing, items: [item] })
    const added = items.find((item) => !old.items.some((known) => known.id === item.id))
    if (!added) throw new Error('The subscription has no new item.')
    return serializeItem(account, id, added)
  }),
  route('GET', '/subscription_items', hash({ ...PAGE, subscription: required(string()) }), ({ account, params }) => {
    const subscription = inPath(account.subscriptions, params.subscription, 'subscription', 'subscription')
    return page('/v1/subscription_items', subscription.items.toReversed(), params, (item) =>
      serializeItem(account, subscription.id, item),
    )
  }),
  route('GET', '/subscription_items/:id', hash({}), ({ account, id }) => {
    const { subscription, item } = theItem(account, id)
    return serializeItem(account, subscription.id, item)
  }),
  route('POST', '/subscription_items/:id', UPDATE, ({ account, id, params }) => {
    const { subscription } = theItem(account, id)
    const { billing, item } = splitItem(params)
    update(account, subscription, { ...billing, items: [{ id, ...item }] })
    return serializeItem(account, subscription.id, theItem(account, id).item)
  }),
  route('DELETE', '/subscription_items/:id', REMOVE, ({ account, id, params }) => {
    const { clear_usage: _usage, ...billing } = params
    update(account, theItem(account, id).subscription, { ...billing, items: [{ id, deleted: true }] })
    return { id, object: 'subscription_item', deleted: true }
  }),
]

/** Splits parameters into those of the item and those of the update of its subscription. */
function splitItem<T extends ItemParams>({
  billing_thresholds,
  discounts,
  metadata: own,
  plan,
  price = plan,
  price_data,
  quantity,
  tax_rates,
  ...billing
}: T) {
  return { billing, item: { billing_thresholds, discounts, metadata: own, price, price_data, quantity, tax_rates } }
}

function update(account: Account, old: SubscriptionRow, params: UpdateParams): SubscriptionRow {
  const row = updateSubscriptionTerms(account, old.id, readUpdate(account, old, params))
  splitPhase(account, old)
  return row
}

function theItem(account: Account, id: string): { subscription: SubscriptionRow; item: ItemRow } {
  const subscription = account.subscriptions.all().find((row) => row.items.some((item) => item.id === id))
  const item = subscription?.items.find((candidate) => candidate.id === id)
  if (!subscription || !item) throw resourceMissing('subscription_item', id, { inPath: true })
  return { subscription, item }
}
