import { invalidRequest, resourceMissing, type StripeApiError } from '../http/errors.ts'
import { oneOf, string } from '../http/params.ts'
import { formatMoney, minimumCharge, smallestStep } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { CustomerRow, PaymentMethodRow } from '../state/rows/customer.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'

interface Findable<Row> {
  find(id: string): Row | undefined
}

/**
 * The row that the path names.
 *
 * @throws {StripeApiError} 404 `resource_missing`
 */
export function inPath<Row>(table: Findable<Row>, id: string, noun: string, param?: string): Row {
  const row = table.find(id)
  if (row === undefined) throw resourceMissing(noun, id, { inPath: true, ...(param && { param }) })
  return row
}

/**
 * The row that a parameter names.
 *
 * @throws {StripeApiError} 400 `resource_missing`
 */
export function inParam<Row>(table: Findable<Row>, id: string, noun: string, param: string): Row {
  const row = table.find(id)
  if (row === undefined) throw resourceMissing(noun, id, { param })
  return row
}

/**
 * The customer that a parameter names.
 *
 * @throws {StripeApiError} 400 `resource_missing` if there is no such customer, or it was deleted.
 */
export function customerInParam(account: Account, id: string, param = 'customer'): CustomerRow {
  const row = inParam(account.customers, id, 'customer', param)
  if (row.deleted) throw resourceMissing('customer', id, { param })
  return row
}

/**
 * The price that a parameter names.
 *
 * @throws {StripeApiError} 400 if there is no such price, or it or its product is inactive.
 */
export function activePriceInParam(account: Account, id: string, param: string): PriceRow {
  const price = inParam(account.prices, id, 'price', param)
  if (!price.active)
    throw invalidRequest('The price specified is inactive. This field only accepts active prices.', { param })
  const product = account.products.get(price.product)
  if (!product.active)
    throw invalidRequest(`The product ${product.id} is not active, so no new prices or subscriptions can use it.`, {
      param,
    })
  return price
}

/**
 * Checks that no price is on a subscription twice.
 *
 * @throws {StripeApiError} 400 if one is.
 */
export function checkEachOnce(items: readonly { price: string }[], param: string): void {
  for (const [index, { price }] of items.entries()) {
    if (items.findIndex((item) => item.price === price) === index) continue
    throw invalidRequest(`Cannot add multiple subscription items with the same plan: ${price}`, { param })
  }
}

/** @throws {StripeApiError} 400 for an amount that its currency doesn't have, such as half a UGX. */
export function checkAmount(amount: number, currency: string, param: string): void {
  const step = smallestStep(currency)
  if (amount % step === 0) return
  throw invalidRequest(`Invalid integer: amounts in ${currency} must be evenly divisible by ${step}.`, {
    param,
    code: 'parameter_invalid_integer',
  })
}

/** @throws {StripeApiError} 400 for a payment of less than its currency's minimum. */
export function checkMinimum(amount: number, currency: string): void {
  const minimum = minimumCharge(currency)
  if (amount >= minimum) return
  throw invalidRequest(`Amount must be at least ${formatMoney(minimum, currency)} ${currency}`, {
    param: 'amount',
    code: 'amount_too_small',
  })
}

/** The largest amount: Stripe's amounts have at most twelve digits. */
export const LARGEST_AMOUNT = 999_999_999_999

/**
 * @param amount what one line or item costs.
 * @throws {StripeApiError} 400 if it has more than twelve digits.
 */
export function checkTotal(amount: number, currency: string, param: string): void {
  if (Math.abs(amount) <= LARGEST_AMOUNT) return
  throw invalidRequest(`Amount must be no more than ${formatMoney(LARGEST_AMOUNT, currency)}`, {
    param,
    code: 'amount_too_large',
  })
}

/** @throws {StripeApiError} 400 if invoices can't be sent to a customer. */
export function checkHasEmail({ email }: CustomerRow): void {
  if (email !== null) return
  throw invalidRequest(
    'Missing email. In order to create invoices that are sent to the customer, the customer must have a valid email.',
    { param: 'collection_method' },
  )
}

/**
 * The invoice that the path names.
 *
 * @throws {StripeApiError} 404 if there is no such invoice, or it was deleted.
 */
export function theInvoice(account: Account, id: string): InvoiceRow {
  const row = inPath(account.invoices, id, 'invoice')
  if (row.deleted) throw resourceMissing('invoice', id, { inPath: true })
  return row
}

export function wrongInvoiceStatus(message: string): StripeApiError {
  return invalidRequest(message, { code: 'invoice_not_editable' })
}

/** The filters of lists of payment methods. */
export const METHOD_FILTERS = { allow_redisplay: oneOf('always', 'limited', 'unspecified'), type: string() }

/** The payment methods that match the filters of a list. All are cards. */
export function matchingMethods(
  account: Account,
  rows: readonly PaymentMethodRow[],
  { allow_redisplay, type }: { allow_redisplay?: string; type?: string },
): PaymentMethodRow[] {
  if (type !== undefined && type !== 'card') return []
  return rows.filter(({ id }) => allow_redisplay === undefined || redisplayOf(account, id) === allow_redisplay)
}

/** Whether a payment method may be shown to its customer again, in a checkout. */
export function redisplayOf(account: Account, id: string): 'always' | 'limited' | 'unspecified' {
  const given = account.echoes.find(id)?.fields['allow_redisplay']
  return given === 'always' || given === 'limited' ? given : 'unspecified'
}
