import { moveBalance } from '../../billing/balance.ts'
import { deleteCustomer } from '../../billing/delete-customer.ts'
import { discountCustomer } from '../../discounts/customer-discount.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { invalidRequest, resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import {
  clearable,
  email,
  hash,
  integer,
  isWithin,
  mergeMetadata,
  metadata,
  oneOf,
  required,
  string,
  timeRange,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { attachPaymentMethod } from '../../payments/payment-methods.ts'
import {
  createCustomer,
  serializeBalanceTransaction,
  serializeCustomer,
  serializeDeletedCustomer,
  updateCustomer,
} from '../../resources/customer.ts'
import { serializePaymentMethod } from '../../resources/payment-method.ts'
import { createTaxId } from '../../resources/tax-id.ts'
import type { Account } from '../../state/account.ts'
import type { CustomerRow } from '../../state/rows/customer.ts'
import { inParam, inPath, LARGEST_AMOUNT, matchingMethods, METHOD_FILTERS } from '../lookup.ts'
import { checkTaxLocation } from '../tax-params.ts'
import { ADDRESS, keepShipping, SHIPPING, toCustomerFields } from './customer-fields.ts'
import { checkTaxId, TAX_ID_DATA } from './tax-ids.ts'

const COMMON = {
  address: clearable(ADDRESS),
  // Only in API versions before 2025-03-31.basil: see `versions/basil-subscriptions.ts`.
  coupon: clearable(string()),
  promotion_code: clearable(string()),
  balance: integer({ min: -LARGEST_AMOUNT, max: LARGEST_AMOUNT }),
  cash_balance: hash({ settings: hash({ reconciliation_mode: oneOf('automatic', 'manual', 'merchant_default') }) }),
  invoice_prefix: string({ max: 12 }),
  next_invoice_sequence: integer({ min: 1 }),
  description: clearable(string()),
  email: clearable(email()),
  invoice_settings: hash({ default_payment_method: clearable(string()) }),
  metadata: metadata(),
  name: clearable(string({ max: 256 })),
  phone: clearable(string({ max: 20 })),
  shipping: clearable(SHIPPING),
  tax: hash({ ip_address: clearable(string()), validate_location: oneOf('deferred', 'immediately', 'auto') }),
  tax_exempt: clearable(oneOf('exempt', 'none', 'reverse')),
}
const CREATE = hash({
  ...COMMON,
  payment_method: string(),
  source: string(),
  tax_id_data: TAX_ID_DATA,
  test_clock: string(),
})
const UPDATE = hash({ ...COMMON, source: string() })
const LIST = hash({ ...PAGE, created: timeRange(), email: string(), test_clock: string() })
const BALANCE_ENTRY = hash({
  amount: required(integer({ min: -LARGEST_AMOUNT, max: LARGEST_AMOUNT })),
  currency: required(currencyCode()),
  description: string({ max: 350 }),
  metadata: metadata(),
})

export const customerRoutes = [
  route('POST', '/customers', CREATE, ({ account, params }) => {
    const {
      test_clock = null,
      payment_method,
      invoice_settings,
      source,
      tax_id_data = [],
      coupon,
      promotion_code,
      shipping,
      ...fields
    } = params
    for (const [index, each] of tax_id_data.entries()) checkTaxId(each, `tax_id_data[${index}][value]`)
    if (test_clock !== null) inParam(account.testClocks, test_clock, 'test clock', 'test_clock')
    let row = createCustomer(account, {
      ...toCustomerFields(fields),
      metadata: mergeMetadata({}, fields.metadata),
      test_clock,
    })
    keepShipping(account, row.id, shipping)
    for (const each of tax_id_data) createTaxId(account, { customer: row.id, ...each })
    validateLocation(account, row.id, fields.tax)
    const attached = payment_method === undefined ? undefined : attachPaymentMethod(account, payment_method, row.id)
    // A token as `source` is an older way to give a customer a card. It becomes the default.
    if (source !== undefined)
      row = account.customers.patch(row.id, { default_payment_method: attachPaymentMethod(account, source, row.id).id })
    const requested = invoice_settings?.default_payment_method
    // Attaching a magic id such as pm_card_visa created a new card with its own id.
    const chosen = requested === payment_method ? attached?.id : requested
    if (chosen) row = account.customers.patch(row.id, { default_payment_method: ownMethod(account, row.id, chosen) })
    giveDiscount(account, row.id, coupon, promotion_code)
    return serializeCustomer(account, account.customers.get(row.id))
  }),
  route('GET', '/customers/:id', hash({}), ({ account, id }) => {
    const row = inPath(account.customers, id, 'customer')
    return row.deleted ? serializeDeletedCustomer(row) : serializeCustomer(account, row)
  }),
  route('POST', '/customers/:id', UPDATE, ({ account, id, params }) => {
    const old = existingCustomer(account, id)
    const { invoice_settings, balance, coupon, promotion_code, shipping, source, ...fields } = params
    const card = source === undefined ? undefined : attachPaymentMethod(account, source, id).id
    const method = invoice_settings?.default_payment_method
    keepShipping(account, id, shipping)
    updateCustomer(account, id, {
      ...toCustomerFields(fields),
      metadata: mergeMetadata(old.metadata, fields.metadata),
      ...(card !== undefined && { default_payment_method: card }),
      ...(method !== undefined && { default_payment_method: method === null ? null : ownMethod(account, id, method) }),
    })
    validateLocation(account, id, fields.tax)
    giveDiscount(account, id, coupon, promotion_code)
    if (balance !== undefined && balance !== old.balance) {
      moveBalance(account, id, { amount: balance - old.balance, currency: old.currency ?? 'usd', type: 'adjustment' })
    }
    return serializeCustomer(account, account.customers.get(id))
  }),
  route('DELETE', '/customers/:id', hash({}), ({ account, id }) => {
    existingCustomer(account, id)
    return serializeDeletedCustomer(deleteCustomer(account, id))
  }),
  route('GET', '/customers', LIST, ({ account, params }) => {
    const { created, email, test_clock } = params
    const rows = account.customers
      .all()
      // Like Stripe, it omits customers on a test clock unless `test_clock` names it.
      .filter(
        (row) =>
          !row.deleted &&
          isWithin(row.created, created) &&
          (email === undefined || row.email === email) &&
          row.test_clock === (test_clock ?? null),
      )
    return page('/v1/customers', rows, params, (row) => serializeCustomer(account, row))
  }),
  route('GET', '/customers/:id/payment_methods', hash({ ...PAGE, ...METHOD_FILTERS }), ({ account, id, params }) => {
    existingCustomer(account, id)
    return page(
      `/v1/customers/${id}/payment_methods`,
      matchingMethods(account, account.paymentMethods.by('customer', id), params),
      params,
      serializePaymentMethod,
    )
  }),
  route('GET', '/customers/:id/payment_methods/:method', hash({}), ({ account, id, path }) => {
    const row = inPath(account.paymentMethods, path['method'] ?? '', 'PaymentMethod')
    if (row.customer !== id) throw invalidRequest('The payment method does not belong to this customer.')
    return serializePaymentMethod(row)
  }),
  route('POST', '/customers/:id/balance_transactions', BALANCE_ENTRY, ({ account, id, params }) => {
    const { currency } = existingCustomer(account, id)
    if (currency !== null && currency !== params.currency) {
      throw invalidRequest(
        `You cannot combine currencies on a single customer. This customer has had a subscription, coupon, or invoice item with currency ${currency}`,
        { param: 'currency' },
      )
    }
    const entry = moveBalance(account, id, {
      amount: params.amount,
      currency: params.currency,
      description: params.description ?? null,
      metadata: mergeMetadata({}, params.metadata),
      type: 'adjustment',
    })
    return serializeBalanceTransaction(entry)
  }),
  route(
    'GET',
    '/customers/:id/balance_transactions',
    hash({ ...PAGE, created: timeRange(), invoice: string() }),
    ({ account, id, params }) => {
      existingCustomer(account, id)
      const rows = account.balanceTransactions
        .by('customer', id)
        .filter((row) => isWithin(row.created, params.created) && (!params.invoice || row.invoice === params.invoice))
      return page(`/v1/customers/${id}/balance_transactions`, rows, params, serializeBalanceTransaction)
    },
  ),
  route('GET', '/customers/:id/balance_transactions/:entry', hash({}), ({ account, path }) =>
    serializeBalanceTransaction(inPath(account.balanceTransactions, path['entry'] ?? '', 'balance_transaction')),
  ),
]

/**
 * The customer that the path names.
 *
 * @throws {StripeApiError} 404 if there is no such customer, or they were deleted.
 */
function existingCustomer(account: Account, id: string): CustomerRow {
  const row = inPath(account.customers, id, 'customer')
  if (row.deleted) throw resourceMissing('customer', id, { inPath: true })
  return row
}

/**
 * Checks that a payment method can become a default: it must be attached to the same customer.
 *
 * @throws {StripeApiError} 400 `resource_missing` if it doesn't exist or isn't attached to this customer.
 */
export function ownMethod(
  account: Account,
  customer: string,
  id: string,
  param = 'invoice_settings[default_payment_method]',
): string {
  const method = inParam(account.paymentMethods, id, 'PaymentMethod', param)
  if (method.customer !== customer) {
    throw invalidRequest(
      `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
      { param, code: 'resource_missing' },
    )
  }
  return id
}

/** Gives a customer the discount that a request names. An empty value takes it away. */
function giveDiscount(
  account: Account,
  customer: string,
  coupon: string | null | undefined,
  promotion_code: string | null | undefined,
): void {
  if (coupon) discountCustomer(account, customer, { coupon })
  else if (promotion_code) discountCustomer(account, customer, { promotion_code })
  else if (coupon === null || promotion_code === null) discountCustomer(account, customer, null)
}

/** @throws {StripeApiError} 400 if the request wants the location to be valid at once, and it isn't. */
function validateLocation(account: Account, customer: string, tax: { validate_location?: string } | undefined): void {
  if (tax?.validate_location === 'immediately') checkTaxLocation(account, customer, 'tax[validate_location]')
}
