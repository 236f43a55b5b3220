import { emitUpdated } from '../../events/emit.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest, missingParam, resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import {
  boolean,
  clearable,
  hash,
  isWithin,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  string,
  timeRange,
  type ParamValue,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializePlan, serializePrice } from '../../resources/price.ts'
import type { Account } from '../../state/account.ts'
import type { PriceRow } from '../../state/rows/catalogue.ts'
import { inParam, inPath } from '../lookup.ts'
import { createPrice, readCurrencyOptions } from './create-price.ts'
import { createInlineProduct, INLINE_PRODUCT } from './inline-product.ts'
import {
  CHANGED_CURRENCY_OPTIONS,
  CURRENCY_OPTIONS,
  CUSTOM_UNIT_AMOUNT,
  PRICE_DATA,
  PRICE_RECURRING,
  TAX_BEHAVIOR,
  TRANSFORM_QUANTITY,
} from './price-params.ts'
import { TIER_PARAMS } from './tiers.ts'

const CREATE = hash({
  ...PRICE_DATA,
  ...TIER_PARAMS,
  active: boolean(),
  currency_options: CURRENCY_OPTIONS,
  custom_unit_amount: CUSTOM_UNIT_AMOUNT,
  lookup_key: string({ max: 200 }),
  nickname: string(),
  product: string(),
  product_data: hash(INLINE_PRODUCT),
  recurring: PRICE_RECURRING,
  transfer_lookup_key: boolean(),
  transform_quantity: TRANSFORM_QUANTITY,
})
const UPDATE = hash({
  active: boolean(),
  currency_options: CHANGED_CURRENCY_OPTIONS,
  lookup_key: clearable(string({ max: 200 })),
  metadata: metadata(),
  nickname: clearable(string()),
  tax_behavior: TAX_BEHAVIOR,
  transfer_lookup_key: boolean(),
})
const LIST = hash({
  ...PAGE,
  active: boolean(),
  created: timeRange(),
  currency: currencyCode(),
  lookup_keys: list(string(), { max: 10 }),
  product: string(),
  recurring: hash({
    interval: oneOf('day', 'month', 'week', 'year'),
    meter: string(),
    usage_type: oneOf('licensed', 'metered'),
  }),
  type: oneOf('one_time', 'recurring'),
})

export const priceRoutes = [
  route('POST', '/prices', CREATE, ({ account, params }) => {
    const { product, product_data, lookup_key, transfer_lookup_key, ...rest } = params
    if (product !== undefined && product_data !== undefined) throw exclusiveParams('product', 'product_data', 'product')
    if (lookup_key !== undefined) freeLookupKey(account, lookup_key, transfer_lookup_key)
    if (product_data !== undefined) {
      const row = createInlineProduct(account, product_data, 'product_data')
      return serializePrice(createPrice(account, { ...rest, product: row.id, lookup_key: lookup_key ?? null }, ''))
    }
    if (product === undefined) throw missingParam('product')
    inParam(account.products, product, 'product', 'product')
    return serializePrice(createPrice(account, { ...rest, product, lookup_key: lookup_key ?? null }, ''))
  }),
  route('GET', '/prices/:id', hash({}), ({ account, id }) => serializePrice(thePrice(account, id))),
  route('POST', '/prices/:id', UPDATE, ({ account, id, params }) => {
    const old = thePrice(account, id)
    const { currency_options, metadata: given, transfer_lookup_key, ...rest } = params
    if (rest.active === false && account.products.find(old.product)?.default_price === id)
      throw invalidRequest('This price cannot be archived because it is the default price of its product.')
    if (rest.lookup_key && rest.lookup_key !== old.lookup_key)
      freeLookupKey(account, rest.lookup_key, transfer_lookup_key)
    return serializePrice(
      updatePrice(account, id, {
        ...rest,
        ...(currency_options !== undefined && { currency_options: changedOptions(old, currency_options) }),
        metadata: mergeMetadata(old.metadata, given),
      }),
    )
  }),
  route('GET', '/prices', LIST, ({ account, params }) => {
    const { active, created, currency, lookup_keys, product, recurring, type } = params
    const rows = (product === undefined ? account.prices.all() : account.prices.by('product', product)).filter(
      (row) =>
        !row.deleted &&
        (active === undefined || row.active === active) &&
        (currency === undefined || row.currency === currency) &&
        (!lookup_keys || (row.lookup_key !== null && lookup_keys.includes(row.lookup_key))) &&
        (!type || (row.recurring ? 'recurring' : 'one_time') === type) &&
        (!recurring?.interval || row.recurring?.interval === recurring.interval) &&
        (!recurring?.meter || row.meter === recurring.meter) &&
        (!recurring?.usage_type || (row.recurring !== null && usageOf(row) === recurring.usage_type)) &&
        isWithin(row.created, created),
    )
    return page('/v1/prices', rows, params, serializePrice)
  }),
]

const usageOf = ({ meter }: PriceRow): 'licensed' | 'metered' => (meter === null ? 'licensed' : 'metered')

/** @throws {StripeApiError} 404 if there is no such price, or it was deleted as a plan. */
function thePrice(account: Account, id: string): PriceRow {
  const row = inPath(account.prices, id, 'price', 'price')
  if (row.deleted) throw resourceMissing('price', id, { inPath: true, param: 'price' })
  return row
}

/** Makes a lookup key available: takes it from its price if `transfer` is set, and otherwise refuses the request. */
function freeLookupKey(account: Account, key: string, transfer = false): void {
  const holder = account.prices.all().find((price) => price.lookup_key === key)
  if (!holder) return
  if (!transfer) {
    throw invalidRequest(
      `A price (\`${holder.id}\`) already uses that lookup key. Each price must have a unique lookup key. To transfer the lookup key, set \`transfer_lookup_key=true\`.`,
      { param: 'lookup_key' },
    )
  }
  updatePrice(account, holder.id, { lookup_key: null })
}

/** The currencies of a price after an update: an empty text in place of one removes it, or all of them. */
function changedOptions(
  old: PriceRow,
  given: ParamValue<typeof CHANGED_CURRENCY_OPTIONS>,
): PriceRow['currency_options'] {
  const changes = Object.entries(given ?? {})
  const gone = new Set(changes.flatMap(([currency, option]) => (option === null ? [currency] : [])))
  const kept = Object.entries(given === null ? {} : old.currency_options).filter(([currency]) => !gone.has(currency))
  const added = changes.flatMap(([currency, option]) => (option === null ? [] : [[currency, option] as const]))
  const terms = {
    billing_scheme: old.tiers ? ('tiered' as const) : ('per_unit' as const),
    isCustom: old.custom_unit_amount !== undefined,
    ...(old.recurring && { recurring: old.recurring }),
    ...(old.tiers_mode && { tiers_mode: old.tiers_mode }),
  }
  return { ...Object.fromEntries(kept), ...readCurrencyOptions(Object.fromEntries(added), terms, old.currency) }
}

/** Changes a price, and emits the events of what changed. A recurring price is a plan, too. */
export function updatePrice(account: Account, id: string, changes: Partial<PriceRow>): PriceRow {
  const old = account.prices.get(id)
  const row = account.prices.patch(id, changes)
  if (row.recurring) emitUpdated(account, 'plan.updated', serializePlan(old), serializePlan(row))
  emitUpdated(account, 'price.updated', serializePrice(old), serializePrice(row))
  return row
}
