import { commonInterval, recurringPrice } from '../../billing/recurring-price.ts'
import { invalidRequest, missingParam } from '../../http/errors.ts'
import { newId } from '../../ids.ts'
import type { Account } from '../../state/account.ts'
import type { CheckoutSessionRow, SessionLine } from '../../state/rows/checkout.ts'
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
  return { id: newId('li'), price, quantity: itemQuantity(account, price, line.quantity, param), tax_rates }
}

type InlinePrice = Omit<Parameters<typeof createPrice>[1], 'product'> & {
  product?: string
  product_data?: Parameters<typeof createInlineProduct>[1]
}

function inlinePrice(account: Account, { product, product_data, ...terms }: InlinePrice, param: string): string {
  if (product === undefined && product_data === undefined) throw missingParam(`${param}[product]`)
  const id = product ?? (product_data ? createInlineProduct(account, product_data).id : '')
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
