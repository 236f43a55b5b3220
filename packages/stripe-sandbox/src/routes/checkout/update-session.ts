import { locateSession } from '../../checkout/session-taxes.ts'
import { invalidRequest, resourceMissing } from '../../http/errors.ts'
import {
  clearable,
  hash,
  list,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  type ParamValue,
} from '../../http/params.ts'
import type { Account } from '../../state/account.ts'
import type { CheckoutSessionRow, SessionLine } from '../../state/rows/checkout.ts'
import { currencyOf } from '../catalogue/currencies.ts'
import { SHIPPING_OPTION } from '../catalogue/shipping-rates.ts'
import { ADDRESS } from '../customers/customer-fields.ts'
import { checkLines, readAdjustable, readLine } from './checkout-lines.ts'
import { LINE } from './checkout-params.ts'
import { readShipping } from './checkout-shipping.ts'

/** The parameters that change an open session. */
export const UPDATE = hash({
  collected_information: hash({
    shipping_details: hash({ name: required(string()), address: required(ADDRESS) }),
  }),
  line_items: list(hash({ ...LINE, id: string() })),
  metadata: metadata(),
  payment_intent_data: hash({
    description: clearable(string()),
    metadata: metadata(),
    setup_future_usage: clearable(oneOf('off_session', 'on_session')),
    statement_descriptor: clearable(string({ max: 22 })),
    statement_descriptor_suffix: clearable(string({ max: 22 })),
  }),
  shipping_options: clearable(list(SHIPPING_OPTION, { max: 5 })),
})

/**
 * Changes a session. Everything but the metadata can only be changed while it is open.
 *
 * @throws {StripeApiError} 400 for another change of a session that is not open, and for values that don't fit it.
 * @see https://docs.stripe.com/payments/checkout/dynamically-update-line-items
 */
export function updateSession(
  account: Account,
  old: CheckoutSessionRow,
  { metadata: given, ...params }: ParamValue<typeof UPDATE>,
): CheckoutSessionRow {
  const changed = Object.keys(params)[0]
  if (changed !== undefined && old.status !== 'open')
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be updated in this way. This Checkout Session has a status of ${old.status}.`,
      { param: changed },
    )
  const { collected_information, line_items, payment_intent_data: intent, shipping_options } = params
  const lines = line_items && changedLines(account, old, line_items)
  const { id, mode } = old
  const currency = old.currency ?? 'usd'
  const shipping = shipping_options && readShipping(account, { shipping_options }, { currency, mode })
  const row = account.checkoutSessions.patch(id, {
    ...(lines && { lines }),
    metadata: mergeMetadata(old.metadata, given),
    ...(intent && { payment_intent_data: { ...old.payment_intent_data, ...changedIntent(old, intent) } }),
    ...(shipping_options !== undefined && {
      shipping_rates: shipping?.shipping_rates,
      shipping_rate: shipping?.shipping_rates?.[0],
    }),
  })
  const shipped = collected_information?.shipping_details
  if (!shipped) return row
  const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = shipped.address
  const address = { city, country, line1, line2, postal_code, state }
  return locateSession(account, row, { shipping_details: { name: shipped.name, address } })
}

/** The lines after an update, which names all of them. */
function changedLines(
  account: Account,
  { currency, lines, mode }: CheckoutSessionRow,
  given: NonNullable<ParamValue<typeof UPDATE>['line_items']>,
): SessionLine[] {
  const changed = given.map(({ id, ...line }, index): SessionLine => {
    const param = `line_items[${index}]`
    if (id === undefined) return readLine(account, line, param)
    const before = lines.find((candidate) => candidate.id === id)
    if (!before) throw resourceMissing('line item', id, { param: `${param}[id]` })
    const read = readLine(
      account,
      {
        ...(line.price_data ? { price_data: line.price_data } : { price: line.price ?? before.price }),
        ...(account.prices.get(before.price).meter === null && { quantity: line.quantity ?? before.quantity }),
      },
      param,
    )
    const { adjustable: kept, amount, ...rest } = before
    const where = { price: read.price, quantity: read.quantity, param }
    const adjustable = line.adjustable_quantity ? readAdjustable(account, line.adjustable_quantity, where) : kept
    const isSame = read.price === before.price && amount !== undefined
    return {
      ...rest,
      price: read.price,
      quantity: read.quantity,
      ...(adjustable && { adjustable }),
      ...(isSame && { amount }),
    }
  })
  if (changed.length === 0)
    throw invalidRequest('A Checkout Session must have at least one line item.', { param: 'line_items' })
  checkLines(account, changed, mode)
  currencyOf(account, changed, { asked: currency ?? undefined, own: null, list: 'line_items' })
  return changed
}

function changedIntent(
  { payment_intent_data: old }: CheckoutSessionRow,
  {
    description,
    metadata: given,
    setup_future_usage,
    ...texts
  }: NonNullable<ParamValue<typeof UPDATE>['payment_intent_data']>,
): CheckoutSessionRow['payment_intent_data'] {
  return {
    ...(description !== undefined && { description }),
    ...(given !== undefined && { metadata: mergeMetadata(old.metadata ?? {}, given) }),
    ...(setup_future_usage !== undefined && { setup_future_usage }),
    ...(Object.keys(texts).length > 0 && { shown: { ...old.shown, ...texts } }),
  }
}
