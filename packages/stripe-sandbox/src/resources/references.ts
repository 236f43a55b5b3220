import type { Account } from '../state/account.ts'
import { serializeCharge, serializeDispute, serializeLedgerEntry, serializeRefund } from './charge.ts'
import { serializeCheckoutSession } from './checkout-session.ts'
import { serializeCoupon, serializeDiscount, serializePromotionCode } from './coupon.ts'
import { serializeCreditGrant, serializeCreditTransaction } from './credit-grant.ts'
import { serializeCreditNote } from './credit-note.ts'
import { serializeBalanceTransaction, serializeCustomer, serializeDeletedCustomer } from './customer.ts'
import { serializeFeature } from './entitlements.ts'
import { serializeInvoiceItem } from './invoice-item.ts'
import { serializeInvoice } from './invoice.ts'
import { serializePaymentIntent } from './payment-intent.ts'
import { serializePaymentLink } from './payment-link.ts'
import { serializePaymentMethod } from './payment-method.ts'
import { serializePrice } from './price.ts'
import { serializeProduct } from './product.ts'
import { serializeSetupIntent } from './setup-intent.ts'
import { serializeShippingRate } from './shipping-rate.ts'
import { serializeSchedule } from './subscription-schedule.ts'
import { serializeSubscription } from './subscription.ts'
import { serializeTaxId } from './tax-id.ts'
import { serializeTaxRate } from './tax-rate.ts'
import { serializeTestClock } from './test-clock.ts'

/** The kinds of object that other objects refer to by id. */
export type Kind =
  | 'balance_transaction'
  | 'charge'
  | 'checkout_session'
  | 'coupon'
  | 'credit_grant'
  | 'credit_note'
  | 'credit_transaction'
  | 'customer_balance_transaction'
  | 'customer'
  | 'discount'
  | 'dispute'
  | 'feature'
  | 'invoice'
  | 'invoice_item'
  | 'payment_intent'
  | 'payment_link'
  | 'payment_method'
  | 'price'
  | 'product'
  | 'refund'
  | 'promotion_code'
  | 'setup_intent'
  | 'shipping_rate'
  | 'subscription'
  | 'subscription_schedule'
  | 'tax_id'
  | 'tax_rate'
  | 'test_clock'

/** How to fetch an object of each kind when a reference to it is expanded. */
const FETCH: Readonly<Record<Kind, (account: Account, id: string) => object>> = {
  balance_transaction: (account, id) => serializeLedgerEntry(account.ledger.get(id)),
  charge: (account, id) => serializeCharge(account, account.charges.get(id)),
  checkout_session: (account, id) => serializeCheckoutSession(account, account.checkoutSessions.get(id)),
  coupon: (account, id) => serializeCoupon(account, account.coupons.get(id)),
  credit_grant: (account, id) => serializeCreditGrant(account.creditGrants.get(id)),
  credit_transaction: (account, id) => serializeCreditTransaction(account.creditTransactions.get(id)),
  credit_note: (account, id) => serializeCreditNote(account, account.creditNotes.get(id)),
  customer_balance_transaction: (account, id) => serializeBalanceTransaction(account.balanceTransactions.get(id)),
  customer: (account, id) => {
    const row = account.customers.get(id)
    return row.deleted ? serializeDeletedCustomer(row) : serializeCustomer(account, row)
  },
  discount: (account, id) => serializeDiscount(account.discounts.get(id)),
  dispute: (account, id) => serializeDispute(account, account.disputes.get(id)),
  feature: (account, id) => serializeFeature(account.features.get(id)),
  invoice: (account, id) => serializeInvoice(account, account.invoices.get(id)),
  invoice_item: (account, id) => serializeInvoiceItem(account, account.invoiceItems.get(id)),
  payment_intent: (account, id) => serializePaymentIntent(account, account.paymentIntents.get(id)),
  payment_link: (account, id) => serializePaymentLink(account, account.paymentLinks.get(id)),
  payment_method: (account, id) => serializePaymentMethod(account.paymentMethods.get(id)),
  price: (account, id) => serializePrice(account.prices.get(id)),
  promotion_code: (account, id) => serializePromotionCode(account, account.promotionCodes.get(id)),
  refund: (account, id) => serializeRefund(account.refunds.get(id)),
  product: (account, id) => serializeProduct(account.products.get(id)),
  setup_intent: (account, id) => serializeSetupIntent(account, account.setupIntents.get(id)),
  shipping_rate: (account, id) => serializeShippingRate(account.shippingRates.get(id)),
  subscription: (account, id) => serializeSubscription(account, account.subscriptions.get(id)),
  subscription_schedule: (account, id) => serializeSchedule(account, account.schedules.get(id)),
  tax_id: (account, id) => {
    const row = account.taxIds.find(id)
    return row ? serializeTaxId(row) : { id, object: 'tax_id', deleted: true }
  },
  tax_rate: (account, id) => serializeTaxRate(account.taxRates.get(id)),
  test_clock: (account, id) => serializeTestClock(account.testClocks.get(id)),
}

export function fetchObject(account: Account, kind: Kind, id: string): unknown {
  return FETCH[kind](account, id)
}

/** The kind of object that an id refers to, by object type and field. */
export const REFERENCES: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  balance_transaction: { source: 'charge' },
  'billing.credit_balance_summary': { customer: 'customer' },
  'billing.credit_balance_transaction': {
    'credit.credits_application_invoice_voided.invoice': 'invoice',
    credit_grant: 'credit_grant',
    'debit.credits_applied.invoice': 'invoice',
    test_clock: 'test_clock',
  },
  'billing.credit_grant': { customer: 'customer', test_clock: 'test_clock' },
  charge: { balance_transaction: 'balance_transaction', customer: 'customer', payment_intent: 'payment_intent' },
  'checkout.session': {
    customer: 'customer',
    'discounts.coupon': 'coupon',
    'discounts.promotion_code': 'promotion_code',
    invoice: 'invoice',
    payment_intent: 'payment_intent',
    payment_link: 'payment_link',
    setup_intent: 'setup_intent',
    'shipping_cost.shipping_rate': 'shipping_rate',
    'shipping_options.shipping_rate': 'shipping_rate',
    subscription: 'subscription',
  },
  credit_note: {
    'shipping_cost.shipping_rate': 'shipping_rate',
    customer: 'customer',
    customer_balance_transaction: 'customer_balance_transaction',
    'discount_amounts.discount': 'discount',
    invoice: 'invoice',
    'pretax_credit_amounts.credit_balance_transaction': 'credit_transaction',
    'pretax_credit_amounts.discount': 'discount',
    'refunds.refund': 'refund',
  },
  credit_note_line_item: {
    'discount_amounts.discount': 'discount',
    'pretax_credit_amounts.credit_balance_transaction': 'credit_transaction',
    'pretax_credit_amounts.discount': 'discount',
  },
  customer: { 'invoice_settings.default_payment_method': 'payment_method', test_clock: 'test_clock' },
  customer_balance_transaction: { credit_note: 'credit_note', customer: 'customer', invoice: 'invoice' },
  discount: { customer: 'customer', promotion_code: 'promotion_code', 'source.coupon': 'coupon' },
  dispute: { charge: 'charge', payment_intent: 'payment_intent' },
  'entitlements.active_entitlement': { feature: 'feature' },
  invoice: {
    account_tax_ids: 'tax_id',
    customer: 'customer',
    default_payment_method: 'payment_method',
    discounts: 'discount',
    'parent.subscription_details.subscription': 'subscription',
    'shipping_cost.shipping_rate': 'shipping_rate',
    test_clock: 'test_clock',
    'total_discount_amounts.discount': 'discount',
    'total_pretax_credit_amounts.credit_balance_transaction': 'credit_transaction',
    'total_pretax_credit_amounts.discount': 'discount',
    'total_taxes.tax_rate_details.tax_rate': 'tax_rate',
  },
  invoice_payment: { invoice: 'invoice', 'payment.payment_intent': 'payment_intent' },
  invoiceitem: {
    customer: 'customer',
    discounts: 'discount',
    invoice: 'invoice',
    'pricing.price_details.price': 'price',
    test_clock: 'test_clock',
  },
  line_item: {
    'discount_amounts.discount': 'discount',
    discounts: 'discount',
    'pretax_credit_amounts.credit_balance_transaction': 'credit_transaction',
    'pricing.price_details.price': 'price',
    subscription: 'subscription',
    'taxes.tax_rate_details.tax_rate': 'tax_rate',
  },
  payment_intent: { customer: 'customer', latest_charge: 'charge', payment_method: 'payment_method' },
  payment_link: { 'shipping_options.shipping_rate': 'shipping_rate' },
  payment_method: { customer: 'customer' },
  plan: { product: 'product' },
  price: { product: 'product' },
  product: { default_price: 'price' },
  promotion_code: { customer: 'customer', 'promotion.coupon': 'coupon' },
  refund: {
    balance_transaction: 'balance_transaction',
    charge: 'charge',
    customer: 'customer',
    payment_intent: 'payment_intent',
  },
  setup_intent: { customer: 'customer', payment_method: 'payment_method' },
  subscription: {
    'billing_schedules.applies_to.price': 'price',
    customer: 'customer',
    default_payment_method: 'payment_method',
    discounts: 'discount',
    'invoice_settings.account_tax_ids': 'tax_id',
    latest_invoice: 'invoice',
    pending_setup_intent: 'setup_intent',
    schedule: 'subscription_schedule',
    test_clock: 'test_clock',
  },
  subscription_item: { discounts: 'discount' },
  subscription_schedule: {
    customer: 'customer',
    'phases.discounts.coupon': 'coupon',
    'phases.discounts.discount': 'discount',
    'phases.discounts.promotion_code': 'promotion_code',
    'phases.items.price': 'price',
    subscription: 'subscription',
    test_clock: 'test_clock',
  },
}
