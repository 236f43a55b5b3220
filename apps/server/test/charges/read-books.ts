import type Stripe from 'stripe'
import { stripeClient } from '../stripe.ts'
import type { TestApp } from '../test-app.ts'

/** What an invoice says, computed from its lines alone, beside what it says itself. */
export interface Booked {
  id: string
  status: string | null
  reason: string | null
  said: Amounts
  computed: Amounts
  due: number
  computedDue: number
  /** What the payment's row says; null if there is none. */
  row: (Amounts & { due: number }) | null
  /** Units of metered prices, by what one costs. */
  units: Record<string, number>
}

interface Amounts {
  subtotal: number
  discount: number
  tax: number
  total: number
}

/** All invoices of a customer, oldest first, and what differs on the way from their lines to our rows. */
export async function readInvoices(
  app: TestApp,
  { customer, accountId }: { customer: string; accountId: string },
): Promise<Booked[]> {
  const stripe = stripeClient(app)
  const rows = await app
    .scope()
    .em.execute<PaymentRow[]>(
      `select provider_invoice_id as id, amount, subtotal, discount, tax, currency from payments where account_id = ?`,
      [accountId],
    )
  const all: Booked[] = []
  for await (const invoice of stripe.invoices.list({ customer, limit: 100 })) {
    const row = rows.find(({ id }) => id === invoice.id)
    all.push({
      id: invoice.id,
      status: invoice.status,
      reason: invoice.billing_reason,
      said: partsOf(invoice),
      computed: await computedFrom(stripe, invoice),
      due: invoice.amount_due,
      computedDue: dueOf(invoice),
      row: row
        ? {
            ...{ subtotal: Number(row.subtotal), discount: Number(row.discount), tax: Number(row.tax) },
            ...{ total: invoice.total, due: Number(row.amount) },
          }
        : null,
      units: await unitsOf(stripe, invoice),
    })
  }
  return all.toReversed()
}

interface PaymentRow {
  id: string
  amount: string
  subtotal: string
  discount: string
  tax: string
  currency: string
}

function partsOf({ subtotal, total, total_discount_amounts, total_taxes }: Stripe.Invoice): Amounts {
  return { subtotal, total, discount: sumOf(total_discount_amounts), tax: sumOf(total_taxes) }
}

/** Adds an invoice's lines up, with taxes that are computed from their rates. */
async function computedFrom(stripe: Stripe, { lines, currency }: Stripe.Invoice): Promise<Amounts> {
  const sums = { subtotal: 0, discount: 0, tax: 0, total: 0 }
  for (const { amount, discount_amounts, taxes } of lines.data) {
    const discount = sumOf(discount_amounts)
    const net = amount - discount
    sums.subtotal += amount
    sums.discount += discount
    sums.total += net
    for (const tax of taxes ?? []) {
      const { percentage } = await stripe.taxRates.retrieve(tax.tax_rate_details?.tax_rate ?? '')
      const isIncluded = tax.tax_behavior === 'inclusive'
      const computed = rounded(net * percentage, isIncluded ? 100 + percentage : 100, currency)
      sums.tax += computed
      if (!isIncluded) sums.total += computed
    }
  }
  return sums
}

/** What is due of a total with the balance that there was. */
function dueOf({ total, starting_balance, amount_due }: Stripe.Invoice): number {
  const due = Math.max(0, total + starting_balance)
  // An amount below the minimum stays on the balance.
  return amount_due === 0 && due < MINIMUM ? 0 : due
}

/** More than the minimum of each currency that is used here. */
const MINIMUM = 51

async function unitsOf(stripe: Stripe, { lines }: Stripe.Invoice): Promise<Record<string, number>> {
  const units: Record<string, number> = {}
  for (const { pricing, quantity } of lines.data) {
    const price = pricing?.price_details?.price
    if (!quantity || typeof price !== 'string') continue
    const { recurring, unit_amount_decimal } = await stripe.prices.retrieve(price)
    if (recurring?.usage_type !== 'metered') continue
    const each = String(unit_amount_decimal)
    units[each] = (units[each] ?? 0) + quantity
  }
  return units
}

/** Rounds a fraction half away from zero, to what the currency has. */
function rounded(part: number, whole: number, currency: string): number {
  const step = ['kwd', 'bhd'].includes(currency) ? 10 : 1
  const size = Math.floor((Math.abs(part) / (whole * step)) * (1 + Number.EPSILON) + 0.5)
  return Math.sign(part) * size * step
}

const sumOf = (parts: readonly { amount: number }[] | null): number =>
  (parts ?? []).reduce((sum, { amount }) => sum + amount, 0)

/** What a customer has paid, got back, and has on the balance. */
export async function readMoney(app: TestApp, customer: string) {
  const stripe = stripeClient(app)
  const charges = (await stripe.charges.list({ customer, limit: 100 })).data.filter(({ paid }) => paid)
  const moves = (await stripe.customers.listBalanceTransactions(customer, { limit: 100 })).data
  const { deleted, ...payer } = await stripe.customers.retrieve(customer)
  return {
    charged: charges.reduce((sum, { amount }) => sum + amount, 0),
    refunded: charges.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0),
    moved: sumOf(moves),
    balance: deleted || !('balance' in payer) ? 0 : payer.balance,
  }
}

/** What a subscription adds to MRR per year, from what Stripe says it has, beside what our row says. */
export async function readRevenue(app: TestApp, customer: string): Promise<{ row: number; computed: number } | null> {
  const stripe = stripeClient(app)
  const expand = ['data.discounts.source.coupon']
  const [subscription] = (await stripe.subscriptions.list({ customer, expand })).data
  if (!subscription || !['active', 'past_due'].includes(subscription.status)) return null
  const [row] = await app
    .scope()
    .em.execute<{ yearly: string }[]>('select yearly from subscriptions where provider_subscription_id = ?', [
      subscription.id,
    ])
  const cost: { yearly: number; item: string }[] = []
  for (const { id, price, quantity = 0 } of subscription.items.data) {
    if (price.recurring?.usage_type === 'metered') continue
    const { tiers, unit_amount } = await stripe.prices.retrieve(price.id, { expand: ['tiers'] })
    const [first, second] = tiers ?? []
    const included = first?.up_to ?? 0
    const amount = tiers
      ? (first?.flat_amount ?? 0) + Math.max(0, quantity - included) * (second?.unit_amount ?? 0)
      : (unit_amount ?? 0) * quantity
    const times = price.recurring?.interval === 'year' ? 1 : 12
    cost.push({ item: id, yearly: discounted(amount, subscription.discounts) * times })
  }
  const yearly = cost.reduce((sum, each) => sum + each.yearly, 0)
  return { row: Number(row?.yearly), computed: yearly * (1 - (await includedShare(stripe, subscription))) }
}

/** What lasting discounts leave of an amount. */
function discounted(amount: number, discounts: Stripe.Subscription['discounts']): number {
  return discounts.reduce((left, discount) => {
    const coupon = typeof discount === 'string' ? null : discount.source.coupon
    if (!coupon || typeof coupon === 'string' || coupon.duration === 'once') return left
    return coupon.percent_off === null
      ? Math.max(0, left - (coupon.amount_off ?? 0))
      : left * (1 - coupon.percent_off / 100)
  }, amount)
}

/** The share of included taxes in what was charged last. */
async function includedShare(stripe: Stripe, { id }: Stripe.Subscription): Promise<number> {
  for (const { lines } of (await stripe.invoices.list({ subscription: id, limit: 100 })).data) {
    const charges = lines.data.filter(({ amount }) => amount > 0)
    const net = charges.reduce((sum, { amount, discount_amounts }) => sum + amount - sumOf(discount_amounts), 0)
    if (net <= 0) continue
    const taxes = charges.flatMap((line) => (line.taxes ?? []).filter((tax) => tax.tax_behavior === 'inclusive'))
    return sumOf(taxes) / net
  }
  return 0
}
