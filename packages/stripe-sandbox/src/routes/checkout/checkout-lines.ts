import { commonInterval, recurringPrice } from '../../billing/recurring-price.ts'
import { invalidRequest, missingParam } from '../../http/errors.ts'
import { newId } from '../../ids.ts'
import type { Account } from '../../state/account.ts'
import { hasCurrency } from '../../state/price-in.ts'
import type { PriceRow } from '../../state/rows/catalogue.ts'
import type { AdjustableQuantity, CheckoutSessionRow, OptionalItem, SessionLine } from '../../state/rows/checkout.ts'
import { createPrice } from '../catalogue/create-price.ts'
import { createInlineProduct } from '../catalogue/inline-product.ts'
import { itemQuantity } from '../catalogue/item-price.ts'
import { activePriceInParam } from '../lookup.ts'
import { readTaxRates } from '../tax-params.ts'

/**
 * Reads what a session or a payment link sells.
 *
 * @param param the full name of the line's parameter, such as `line_items[0]`.
 * @throws {StripeApiError} 400 without a price, or if it is inactive.
 */
export function readLine(
  account: Account,
  line: {
    adjustable_quantity?: AdjustableParams
    price?: string
    quantity?: number
    price_data?: Parameters<typeof inlinePrice>[1]
    tax_rates?: string[] | null
  },
  param: string,
): SessionLine {
  const tax_rates = readTaxRates(account, line.tax_rates, `${param}[tax_rates]`)
  if (line.price === undefined && line.price_data === undefined) throw missingParam(`${param}[price]`)
  const price = line.price_data
    ? inlinePrice(account, line.price_data, `${param}[price_data]`)
    : activePriceInParam(account, line.price ?? '', `${param}[price]`).id
  const quantity = itemQuantity(account, price, line.quantity, param)
  const adjustable = readAdjustable(account, line.adjustable_quantity, { price, quantity, param })
  return { id: newId('li'), price, quantity, tax_rates, ...(adjustable && { adjustable }) }
}

export interface AdjustableParams {
  enabled: boolean
  maximum?: number
  minimum?: number
}

/** @throws {StripeApiError} 400 for bounds that exclude each other or the quantity, and for metered prices. */
export function readAdjustable(
  account: Account,
  given: AdjustableParams | undefined,
  { price, quantity, param }: { price: string; quantity: number; param: string },
): AdjustableQuantity | null {
  if (!given?.enabled) return null
  const name = `${param}[adjustable_quantity]`
  const { maximum = 99, minimum = 0 } = given
  if (account.prices.get(price).meter !== null)
    throw invalidRequest('The quantity of a metered price cannot be adjusted.', { param: name })
  if (minimum > maximum)
    throw invalidRequest('`minimum` must be less than or equal to `maximum`.', { param: `${name}[minimum]` })
  if (quantity < minimum || quantity > maximum)
    throw invalidRequest(`The quantity must be between \`minimum\` (${minimum}) and \`maximum\` (${maximum}).`, {
      param: `${param}[quantity]`,
    })
  return { minimum, maximum }
}

/**
 * Reads what the customer can add to their order.
 *
 * @throws {StripeApiError} 400 for a price that is inactive, or can't be sold together with the lines.
 */
export function readOptionalItems(
  account: Account,
  given: readonly { adjustable_quantity?: AdjustableParams; price: string; quantity: number }[],
  { lines, mode, currency }: { lines: readonly SessionLine[]; mode: CheckoutSessionRow['mode']; currency: string },
): OptionalItem[] {
  if (given.length > 0 && mode === 'setup')
    throw invalidRequest('You can not pass `optional_items` in `setup` mode.', { param: 'optional_items' })
  const items = given.map(({ adjustable_quantity, price, quantity }, index) => {
    const param = `optional_items[${index}]`
    const row = activePriceInParam(account, price, `${param}[price]`)
    if (!hasCurrency(row, currency))
      throw invalidRequest(`The price ${price} is not available in \`${currency}\`.`, { param: `${param}[price]` })
    itemQuantity(account, price, quantity, param)
    const adjustable = readAdjustable(account, adjustable_quantity, { price, quantity, param })
    return { price, quantity, ...(adjustable && { adjustable }) }
  })
  if (items.length > 0)
    checkLines(account, [...lines, ...items.map((item) => ({ ...item, id: '', tax_rates: [] }))], mode)
  return items
}

type InlinePrice = Omit<Parameters<typeof createPrice>[1], 'product'> & {
  product?: string
  product_data?: Parameters<typeof createInlineProduct>[1]
}

function inlinePrice(account: Account, { product, product_data, ...terms }: InlinePrice, param: string): string {
  if (product === undefined && product_data === undefined) throw missingParam(`${param}[product]`)
  const id = product ?? (product_data ? createInlineProduct(account, product_data, `${param}[product_data]`).id : '')
  return createPrice(account, { ...terms, product: id }, param).id
}

/**
 * Checks that lines can be sold together in a mode.
 *
 * @throws {StripeApiError} 400 if they can't.
 */
export function checkLines(account: Account, lines: readonly SessionLine[], mode: CheckoutSessionRow['mode']): void {
  if (mode === 'setup') return
  const prices = lines.map((line) => account.prices.get(line.price))
  checkCustomAmounts(prices, lines)
  if (mode === 'payment') {
    const index = prices.findIndex((price) => price.recurring !== null)
    if (index !== -1)
      throw invalidRequest(
        'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
        { param: 'mode' },
      )
    return
  }
  const recurring = lines.filter((line) => account.prices.get(line.price).recurring !== null)
  if (recurring.length === 0)
    throw invalidRequest('You must provide at least one recurring price in `subscription` mode when using prices.', {
      param: 'mode',
    })
  recurringPrice(account, recurring, 'flexible')
  if (commonInterval(account, recurring) === null)
    throw invalidRequest('Checkout does not support multiple prices with different billing intervals.', {
      param: 'line_items',
    })
}

/** @throws {StripeApiError} 400 for a price whose amount the customer chooses together with other lines or units. */
function checkCustomAmounts(prices: readonly PriceRow[], lines: readonly SessionLine[]): void {
  const index = prices.findIndex(({ custom_unit_amount }) => custom_unit_amount)
  if (index === -1) return
  if (lines.length > 1)
    throw invalidRequest(
      'You can only specify 1 line item when specifying a price with `custom_unit_amount` configured.',
      { param: 'line_items' },
    )
  if (lines[0]?.quantity !== 1 || lines[0].adjustable)
    throw invalidRequest('Quantity must be 1 when a price with `custom_unit_amount` is specified.', {
      param: `line_items[${index}][${lines[0]?.adjustable ? 'adjustable_quantity' : 'quantity'}]`,
    })
}

/** @throws {StripeApiError} 400 for promotion codes on an amount that the customer chooses. */
export function checkPromotionCodes(
  account: Account,
  lines: readonly SessionLine[],
  allowed: boolean | undefined,
): void {
  if (allowed && lines.some((line) => account.prices.get(line.price).custom_unit_amount))
    throw invalidRequest('You cannot enable promotion codes when using a price with `custom_unit_amount` configured.', {
      param: 'allow_promotion_codes',
    })
}
