import { emit, emitUpdated } from '../events/emit.ts'
import { exclusiveParams, invalidRequest, missingParam } from '../http/errors.ts'
import { PAGE, page } from '../http/list.ts'
import {
  boolean,
  clearable,
  hash,
  integer,
  isWithin,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timeRange,
} from '../http/params.ts'
import { route } from '../http/route.ts'
import { newId } from '../ids.ts'
import { isCurrency } from '../money.ts'
import { serializePrice } from '../resources/price.ts'
import type { Account } from '../state/account.ts'
import type { Interval, PriceRow } from '../state/rows/catalogue.ts'
import { createInlineProduct, INLINE_PRODUCT } from './inline-product.ts'
import { checkAmount, inParam, inPath } from './lookup.ts'
import { readTiers, TIER_PARAMS, type TierTerms } from './tiers.ts'

/** How often an inline or a new price is charged. */
export const RECURRING = hash({
  interval: required(oneOf('day', 'month', 'week', 'year')),
  interval_count: integer({ min: 1 }),
  usage_type: oneOf('licensed'),
})

/** A price's own terms, in `/prices` and wherever a price is described inline. */
export const PRICE_DATA = {
  currency: required(string()),
  unit_amount: integer({ min: 0, max: 99_999_999 }),
  unit_amount_decimal: string(),
  recurring: RECURRING,
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  metadata: metadata(),
}

const CREATE = hash({
  ...PRICE_DATA,
  product: string(),
  product_data: hash(INLINE_PRODUCT),
  active: boolean(),
  ...TIER_PARAMS,
  lookup_key: string({ max: 200 }),
  nickname: string(),
  transfer_lookup_key: boolean(),
})
const UPDATE = hash({
  active: boolean(),
  lookup_key: clearable(string({ max: 200 })),
  metadata: metadata(),
  nickname: clearable(string()),
  tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  transfer_lookup_key: boolean(),
})
const LIST = hash({
  ...PAGE,
  active: boolean(),
  created: timeRange(),
  currency: string(),
  lookup_keys: list(string(), { max: 10 }),
  product: string(),
  recurring: hash({ interval: oneOf('day', 'month', 'week', 'year'), usage_type: oneOf('licensed', 'metered') }),
  type: oneOf('one_time', 'recurring'),
})

export const priceRoutes = [
  route('POST', '/prices', CREATE, ({ account, params }) => {
    const { product, product_data, lookup_key, transfer_lookup_key, ...rest } = params
    if (product !== undefined && product_data !== undefined) throw exclusiveParams('product', 'product_data', 'product')
    if (lookup_key !== undefined) freeLookupKey(account, lookup_key, transfer_lookup_key)
    if (product_data !== undefined) {
      const row = createInlineProduct(account, product_data)
      return serializePrice(createPrice(account, { ...rest, product: row.id, lookup_key: lookup_key ?? null }, ''))
    }
    if (product === undefined) throw missingParam('product')
    inParam(account.products, product, 'product', 'product')
    return serializePrice(createPrice(account, { ...rest, product, lookup_key: lookup_key ?? null }, ''))
  }),
  route('GET', '/prices/:id', hash({}), ({ account, id }) =>
    serializePrice(inPath(account.prices, id, 'price', 'price')),
  ),
  route('POST', '/prices/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.prices, id, 'price', 'price')
    const { metadata: given, transfer_lookup_key, ...rest } = params
    if (rest.active === false && account.products.find(old.product)?.default_price === id)
      throw invalidRequest('This price cannot be archived because it is the default price of its product.')
    if (rest.lookup_key && rest.lookup_key !== old.lookup_key)
      freeLookupKey(account, rest.lookup_key, transfer_lookup_key)
    return serializePrice(updatePrice(account, id, { ...rest, metadata: mergeMetadata(old.metadata, given) }))
  }),
  route('GET', '/prices', LIST, ({ account, params }) => {
    const { active, created, currency, lookup_keys, product, recurring, type } = params
    const rows = (product === undefined ? account.prices.all() : account.prices.by('product', product)).filter(
      (row) =>
        (active === undefined || row.active === active) &&
        (currency === undefined || row.currency === currency) &&
        (!lookup_keys || (row.lookup_key !== null && lookup_keys.includes(row.lookup_key))) &&
        (!type || (row.recurring ? 'recurring' : 'one_time') === type) &&
        (!recurring?.interval || row.recurring?.interval === recurring.interval) &&
        recurring?.usage_type !== 'metered' &&
        isWithin(row.created, created),
    )
    return page('/v1/prices', rows, params, serializePrice)
  }),
]

interface PriceTerms extends TierTerms {
  currency: string
  product: string
  recurring?: { interval: Interval; interval_count?: number }
  tax_behavior?: PriceRow['tax_behavior']
  metadata?: Record<string, string | null> | null
  active?: boolean
  nickname?: string
  lookup_key?: string | null
}

/**
 * Creates a price and emits `price.created`. Simplified: only whole amounts outside of tiers, no metered usage.
 *
 * `within` is the parameter that holds the terms, such as `price_data`; empty if they are the request's own parameters.
 *
 * @throws {StripeApiError} 400 for an unknown currency, a missing or fractional amount, or an interval over 3 years.
 * @throws {StripeApiError} 400 for tiers that don't cover every quantity, or that lack an amount.
 */
export function createPrice(account: Account, terms: PriceTerms, within: string): PriceRow {
  const name = (param: string): string => (within ? `${within}[${param}]` : param)
  const currency = terms.currency.toLowerCase()
  if (!/^[a-z]{3}$/.test(currency) || !isCurrency(currency)) {
    throw invalidRequest(`Invalid currency: ${terms.currency}.`, { param: name('currency') })
  }
  const { tiers, tiers_mode } = readTiers(terms, currency)
  const unit_amount = tiers ? null : readUnitAmount(terms, currency, name)
  const { recurring } = terms
  if (recurring) checkInterval(recurring, name('recurring'))

  const row = account.prices.insert({
    id: newId('price'),
    active: terms.active ?? true,
    created: account.now(),
    currency,
    lookup_key: terms.lookup_key ?? null,
    metadata: mergeMetadata({}, terms.metadata),
    nickname: terms.nickname ?? null,
    product: terms.product,
    recurring: recurring ? { interval: recurring.interval, interval_count: recurring.interval_count ?? 1 } : null,
    tax_behavior: terms.tax_behavior ?? 'unspecified',
    tiers,
    tiers_mode,
    unit_amount,
  })
  emit(account, 'price.created', serializePrice(row))
  return row
}

function readUnitAmount(terms: PriceTerms, currency: string, name: (param: string) => string): number {
  const { unit_amount, unit_amount_decimal } = terms
  const amount = unit_amount ?? (unit_amount_decimal === undefined ? undefined : Number(unit_amount_decimal))
  if (amount === undefined) throw missingParam(name('unit_amount'))
  if (!Number.isInteger(amount))
    throw invalidRequest('This sandbox accepts only whole amounts.', { param: name('unit_amount_decimal') })
  checkAmount(amount, currency, name(unit_amount === undefined ? 'unit_amount_decimal' : 'unit_amount'))
  return amount
}

/**
 * Checks that an interval is at most three years long.
 *
 * @see https://docs.stripe.com/api/prices/create#create_price-recurring-interval_count
 */
function checkInterval(
  { interval, interval_count = 1 }: { interval: Interval; interval_count?: number },
  param: string,
): void {
  const most = { day: 1095, week: 156, month: 36, year: 3 }[interval]
  if (interval_count > most)
    throw invalidRequest(`The maximum interval allowed is 3 years.`, { param: `${param}[interval_count]` })
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

function updatePrice(account: Account, id: string, changes: Partial<PriceRow>): PriceRow {
  const before = serializePrice(account.prices.get(id))
  const row = account.prices.patch(id, changes)
  emitUpdated(account, 'price.updated', before, serializePrice(row))
  return row
}
