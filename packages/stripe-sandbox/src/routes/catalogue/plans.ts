import { emit } from '../../events/emit.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { invalidRequest, missingParam, resourceMissing } from '../../http/errors.ts'
import type { FormValue } from '../../http/form.ts'
import { PAGE, page } from '../../http/list.ts'
import { decimalAmount } from '../../http/more-params.ts'
import {
  boolean,
  hash,
  integer,
  isWithin,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timeRange,
  type Param,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { serializePlan, serializePrice } from '../../resources/price.ts'
import type { Account } from '../../state/account.ts'
import type { PriceRow } from '../../state/rows/catalogue.ts'
import { inParam, inPath } from '../lookup.ts'
import { createPrice } from './create-price.ts'
import { createInlineProduct, INLINE_PRODUCT } from './inline-product.ts'
import { TRANSFORM_QUANTITY } from './price-params.ts'
import { updatePrice } from './prices.ts'
import { TIER_PARAMS } from './tiers.ts'

const PRODUCT = hash(INLINE_PRODUCT)
const MAX_AMOUNT = 99_999_999

const CREATE = hash({
  ...TIER_PARAMS,
  active: boolean(),
  amount: integer({ min: 0, max: MAX_AMOUNT }),
  amount_decimal: decimalAmount({ max: MAX_AMOUNT }),
  currency: required(currencyCode()),
  id: string(),
  interval: required(oneOf('day', 'month', 'week', 'year')),
  interval_count: integer({ min: 1 }),
  metadata: metadata(),
  meter: string(),
  nickname: string(),
  product: required(productParam()),
  transform_usage: TRANSFORM_QUANTITY,
  trial_period_days: integer({ min: 1, max: 730 }),
  usage_type: oneOf('licensed', 'metered'),
})
const UPDATE = hash({
  active: boolean(),
  metadata: metadata(),
  nickname: string(),
  product: string(),
  trial_period_days: integer({ min: 0, max: 730 }),
})
const LIST = hash({ ...PAGE, active: boolean(), created: timeRange(), product: string() })

/**
 * Plans, which prices have replaced: each recurring price is a plan with the same id.
 *
 * @see https://docs.stripe.com/api/plans
 */
export const planRoutes = [
  route('POST', '/plans', CREATE, ({ account, params }) => {
    const { amount, amount_decimal, interval, interval_count, meter, product, transform_usage, ...rest } = params
    const { trial_period_days, usage_type, ...terms } = rest
    if (terms.id !== undefined && account.prices.has(terms.id))
      throw invalidRequest('Plan already exists.', { code: 'resource_already_exists', param: 'id' })
    if (typeof product === 'string') inParam(account.products, product, 'product', 'product')
    if (amount === undefined && amount_decimal === undefined && terms.billing_scheme !== 'tiered')
      throw missingParam('amount')
    const row = createPrice(
      account,
      {
        ...terms,
        product: typeof product === 'string' ? product : createInlineProduct(account, product, 'product').id,
        recurring: {
          interval,
          ...(interval_count !== undefined && { interval_count }),
          ...(meter !== undefined && { meter }),
          ...(trial_period_days !== undefined && { trial_period_days }),
          ...(usage_type !== undefined && { usage_type }),
        },
        ...(transform_usage && { transform_quantity: transform_usage }),
        ...(amount !== undefined && { unit_amount: amount }),
        ...(amount_decimal !== undefined && { unit_amount_decimal: amount_decimal }),
      },
      '',
    )
    return serializePlan(row)
  }),
  route('GET', '/plans/:id', hash({}), ({ account, id }) => serializePlan(thePlan(account, id))),
  route('POST', '/plans/:id', UPDATE, ({ account, id, params }) => {
    const old = thePlan(account, id)
    const { metadata: given, trial_period_days, ...rest } = params
    if (rest.product !== undefined) inParam(account.products, rest.product, 'product', 'product')
    const row = updatePrice(account, id, {
      ...rest,
      ...(trial_period_days !== undefined && { trial_period_days: trial_period_days || null }),
      metadata: mergeMetadata(old.metadata, given),
    })
    return serializePlan(row)
  }),
  route('DELETE', '/plans/:id', hash({}), ({ account, id }) => {
    const old = thePlan(account, id)
    // Subscriptions to a deleted plan stay as they are.
    account.prices.patch(id, { active: false, deleted: true, lookup_key: null })
    emit(account, 'plan.deleted', serializePlan(old))
    emit(account, 'price.deleted', serializePrice(old))
    return { id, object: 'plan', deleted: true }
  }),
  route('GET', '/plans', LIST, ({ account, params }) => {
    const { active, created, product } = params
    const rows = (product === undefined ? account.prices.all() : account.prices.by('product', product)).filter(
      (row) =>
        !row.deleted &&
        row.recurring !== null &&
        (active === undefined || row.active === active) &&
        isWithin(row.created, created),
    )
    return page('/v1/plans', rows, params, serializePlan)
  }),
]

/** The id of a product, or a new one. */
function productParam(): Param<string | ReturnType<typeof PRODUCT.read>> {
  return {
    ...(PRODUCT.fields && { fields: PRODUCT.fields }),
    read: (value: FormValue, path) =>
      typeof value === 'string' ? string().read(value, path) : PRODUCT.read(value, path),
  }
}

/** @throws {StripeApiError} 404 if there is no such plan, or it was deleted. */
function thePlan(account: Account, id: string): PriceRow {
  const row = inPath(account.prices, id, 'plan', 'plan')
  if (row.deleted || row.recurring === null) throw resourceMissing('plan', id, { inPath: true, param: 'plan' })
  return row
}
