import { asksForCard } from '../../checkout/asks-for-card.ts'
import { lacksAmount } from '../../checkout/chosen-amounts.ts'
import { dueToday, renewalOf } from '../../checkout/due-today.ts'
import { formatMoney, typedMoney } from '../../money.ts'
import { serializeBillingDetails } from '../../resources/payment-method.ts'
import { sessionLineAmounts, sessionShipping } from '../../resources/session-amounts.ts'
import type { Account } from '../../state/account.ts'
import { linePrice, priceIn } from '../../state/price-in.ts'
import type { CheckoutSessionRow } from '../../state/rows/checkout.ts'
import type { Address } from '../../state/rows/customer.ts'
import { wallNow } from '../../time.ts'
import { redisplayOf } from '../lookup.ts'

/**
 * A session as Stripe.js shows it to the app's own page. Its names and types are those of `StripeCheckoutSession` in
 * `@stripe/stripe-js`.
 *
 * @see https://docs.stripe.com/js/custom_checkout/session_object
 */
export function elementsSession(account: Account, row: CheckoutSessionRow): Record<string, unknown> {
  const currency = row.currency ?? 'usd'
  const money = (amount: number) => ({ minorUnitsAmount: amount, amount: formatMoney(amount, currency) })
  const costs = sessionLineAmounts(account, row).map(({ discount, subtotal, tax, total }) => {
    const taxExclusive = total - (subtotal - discount)
    return { discount, subtotal, total, taxExclusive, taxInclusive: tax - taxExclusive }
  })
  const sum = (key: 'discount' | 'subtotal' | 'taxExclusive' | 'taxInclusive' | 'total'): number =>
    costs.reduce((all, cost) => all + cost[key], 0)
  const shipping = sessionShipping(account, row)
  const due = row.mode === 'setup' ? 0 : dueToday(account, row)
  const asked = sum('total') + (shipping?.total ?? 0)
  const {
    address = null,
    business_name = null,
    email = null,
    name = null,
    phone = null,
    tax_ids = [],
  } = row.customer_details ?? {}
  const emailNow = emailOf(account, row)
  const status = statusOf(row)
  const isLocated = row.automatic_tax?.status !== 'requires_location_inputs'
  const isShipped = row.shipping_countries === undefined || row.shipping_details !== undefined
  return {
    id: row.id,
    billingAddress: address && contact(name, address),
    businessName: business_name,
    canConfirm: status.type === 'open' && emailNow !== null && isLocated && isShipped && !lacksAmount(account, row),
    currency,
    currencyOptions: null,
    discountAmounts: row.discounts.map((discount) => discountAmount(account, discount, money(sum('discount')))),
    email: emailNow ?? email,
    lastPaymentError: lastError(account, row),
    lineItems: row.lines.map((line, index) => {
      const price = linePrice(account, line, currency)
      const product = account.products.get(price.product)
      const cost = costs[index] ?? { discount: 0, subtotal: 0, total: 0, taxExclusive: 0, taxInclusive: 0 }
      return {
        id: line.id,
        name: product.name,
        ...Object.fromEntries(Object.entries(cost).map(([key, amount]) => [key, money(amount)])),
        unitAmount: money(price.unit_amount ?? 0),
        unitAmountDecimal: null,
        description: product.description ?? null,
        quantity: line.quantity,
        unitLabel: null,
        discountAmounts: null,
        taxAmounts: null,
        recurring: price.recurring && {
          interval: price.recurring.interval,
          intervalCount: price.recurring.interval_count,
          usageType: price.meter === null ? 'licensed' : 'metered',
        },
        adjustableQuantity: line.adjustable ?? null,
        images: [],
        priceId: line.price,
        isRemovable: line.optional !== undefined || line.adjustable?.minimum === 0,
        pricing: null,
        transformQuantity: null,
      }
    }),
    livemode: false,
    minorUnitsAmountDivisor: divisorOf(currency),
    nameCollection: null,
    optionalItems: (row.optional_items ?? []).map((item, index) => {
      const price = priceIn(account, item.price, currency)
      return {
        priceId: item.price,
        name: account.products.get(price.product).name,
        description: account.products.get(price.product).description ?? null,
        unitAmount: money(price.unit_amount ?? 0),
        unitAmountDecimal: null,
        unitLabel: null,
        quantity: item.quantity,
        adjustableQuantity: item.adjustable ?? null,
        recurring: price.recurring && {
          interval: price.recurring.interval,
          intervalCount: price.recurring.interval_count,
        },
        images: [],
        isSelected: row.lines.some(({ optional }) => optional === index),
      }
    }),
    phoneNumber: phone,
    recurring: recurring(account, row, money),
    savedPaymentMethods: savedMethods(account, row),
    shipping:
      row.shipping_rate === undefined ? null : { shippingOption: option(account, row.shipping_rate), taxAmounts: null },
    shippingAddress: row.shipping_details ? contact(row.shipping_details.name, row.shipping_details.address) : null,
    shippingOptions: (row.shipping_rates ?? []).map((rate) => option(account, rate)),
    status,
    surcharge: null,
    tax: {
      status: isLocated ? 'ready' : row.shipping_countries ? 'requires_shipping_address' : 'requires_billing_address',
    },
    taxAmounts: null,
    taxIdInfo: tax_ids[0] ? { taxId: tax_ids[0], businessName: business_name ?? '' } : null,
    total: {
      appliedBalance: money(Math.min(0, due - asked)),
      balanceAppliedToNextInvoice: false,
      discount: money(sum('discount')),
      shippingRate: money(shipping?.subtotal ?? 0),
      subtotal: money(sum('subtotal')),
      surcharge: money(0),
      taxExclusive: money(sum('taxExclusive') + (shipping ? shipping.total - shipping.subtotal : 0)),
      taxInclusive: money(sum('taxInclusive')),
      total: money(due),
    },
  }

  function option(of: Account, id: string) {
    const cost = sessionShipping(of, { ...row, shipping_rate: id })?.subtotal ?? 0
    return { ...money(cost), id, currency, displayName: of.shippingRates.get(id).display_name, deliveryEstimate: null }
  }
}

/** What the app's page needs to pay a session, besides what it shows. */
export function payingTerms(account: Account, row: CheckoutSessionRow) {
  return {
    needsCard: row.status === 'open' && asksForCard(account, row),
    returnUrl: row.return_url?.replaceAll('{CHECKOUT_SESSION_ID}', row.id) ?? null,
  }
}

/** The payer's email: the customer's own, or the one given or entered for the session. */
export function emailOf(
  account: Account,
  { customer, customer_details, customer_email }: CheckoutSessionRow,
): string | null {
  const known = customer === null ? null : account.customers.get(customer).email
  return known ?? customer_email ?? customer_details?.email ?? null
}

/** How many of its smallest unit make one unit of the currency, such as 100 cents. */
const divisorOf = (currency: string): number => 10 ** (typedMoney(0, currency).split('.')[1]?.length ?? 0)

const contact = (name: string | null, address: Address) => ({ name, address })

function statusOf({ expires_at, payment_status, status }: CheckoutSessionRow) {
  if (status === 'complete') return { type: 'complete', paymentStatus: payment_status }
  return { type: status === 'expired' || expires_at <= wallNow() ? 'expired' : 'open' }
}

/** The saved cards that the customer of an open session may be shown again. */
function savedMethods(account: Account, session: CheckoutSessionRow) {
  if (session.customer === null || statusOf(session).type !== 'open') return null
  const methods = account.paymentMethods.by('customer', session.customer)
  return methods
    .filter(({ id }) => redisplayOf(account, id) === 'always')
    .toReversed()
    .map((row) => ({
      id: row.id,
      type: 'card',
      card: {
        brand: row.card.brand,
        expMonth: row.card.exp_month,
        expYear: row.card.exp_year,
        last4: row.card.last4,
      },
      billingDetails: serializeBillingDetails(row),
    }))
}

function lastError(account: Account, { attempt, status }: CheckoutSessionRow): { message: string } | null {
  const intent = attempt?.payment_intent == null ? undefined : account.paymentIntents.find(attempt.payment_intent)
  const setup = attempt?.setup_intent == null ? undefined : account.setupIntents.find(attempt.setup_intent)
  const error = intent?.last_error ?? setup?.last_error
  return status === 'open' && error ? { message: error.message } : null
}

function discountAmount(
  account: Account,
  { coupon, promotion_code }: CheckoutSessionRow['discounts'][number],
  total: { minorUnitsAmount: number; amount: string },
) {
  const code = promotion_code === null ? null : account.promotionCodes.get(promotion_code)
  const terms = account.coupons.get(coupon ?? code?.coupon ?? '')
  const lasting =
    terms.duration === 'once'
      ? null
      : terms.duration === 'forever'
        ? { type: 'forever' }
        : { type: 'repeating', durationInMonths: terms.duration_in_months }
  return {
    ...total,
    displayName: terms.name ?? code?.code ?? terms.id,
    promotionCode: code?.code ?? null,
    recurring: lasting,
    percentOff: terms.percent_off,
  }
}

function recurring(account: Account, row: CheckoutSessionRow, money: (amount: number) => object) {
  const line = row.lines.find(({ price }) => account.prices.get(price).recurring !== null)
  const terms = line && account.prices.get(line.price).recurring
  if (!terms || row.status !== 'open') return null
  const next = renewalOf(account, row)
  const taxes = next.total_taxes ?? []
  const of = (behavior: string) =>
    taxes.filter((tax) => tax.tax_behavior === behavior).reduce((sum, { amount }) => sum + amount, 0)
  const { trial_end, trial_period_days } = row.subscription_data
  return {
    interval: terms.interval,
    intervalCount: terms.interval_count,
    isProrated: row.subscription_data.firstShare !== undefined,
    dueNext: {
      subtotal: money(next.subtotal),
      total: money(next.total),
      discount: money((next.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0)),
      taxInclusive: money(of('inclusive')),
      taxExclusive: money(of('exclusive')),
      billingCycleAnchor: null,
    },
    trial:
      trial_period_days === null && trial_end === null
        ? null
        : { trialEnd: trial_end ?? 0, trialPeriodDays: trial_period_days ?? 0 },
  }
}
