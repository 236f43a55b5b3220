import type Stripe from 'stripe'
import {
  hasEnded,
  idOf,
  invoicesOf,
  isFromCheckout,
  planItemOf,
  planPricesOf,
  subscriptionsOf,
  type World,
} from './world.ts'

interface Row {
  id: string
  status: string
  plan: string
  price_cents: number
  quantity: number
  currency: string
  period_start: number
  period_end: number
  cancel_at: number | null
  cancel_at_period_end: boolean
  superseded: boolean
}

/** Compares the rows of subscriptions with Stripe, read independently of the product. @returns the differences. */
export async function wrongSubscriptions(world: World): Promise<string[]> {
  const [subscriptions, planPrices, rows, coverage] = await Promise.all([
    subscriptionsOf(world),
    planPricesOf(world),
    rowsOf(world),
    coverageOf(world),
  ])
  const known = new Map(rows.map((row) => [row.id, row]))
  const live = rows.filter(({ status }) => status !== 'canceled')
  const problems = live.length > 1 ? [`${live.length} subscriptions are live.`] : []
  for (const subscription of subscriptions) {
    const row = known.get(subscription.id)
    const expected = expectedRow(subscription, planPrices, coverage)
    if (!row) {
      if (!mayLackRow(subscription, expected.status, live.length > 0)) problems.push(`${subscription.id} has no row.`)
      continue
    }
    // An upgrade shows the old one as ended from the moment of the new one.
    const names = row.superseded ? (['status'] as const) : (Object.keys(expected) as (keyof typeof expected)[])
    for (const name of names) {
      if (row[name] !== expected[name])
        problems.push(`${name} of ${subscription.id} is ${row[name]} here and ${expected[name]} at Stripe.`)
    }
  }
  return problems
}

/** Whether a subscription rightly has no row: it has ended unseen, is not paid, or is beside another. */
function mayLackRow(subscription: Stripe.Subscription, status: string, isAnotherLive: boolean): boolean {
  if (hasEnded(subscription)) return true
  return isAnotherLive && (status === 'pending' || !isFromCheckout(subscription))
}

const STATUSES: Record<string, string> = {
  incomplete: 'pending',
  incomplete_expired: 'canceled',
}

function expectedRow(
  subscription: Stripe.Subscription,
  planPrices: ReadonlyMap<string, string>,
  isCovered: (subscription: string) => boolean,
) {
  const item = planItemOf(subscription, planPrices) ?? subscription.items.data[0]
  if (!item) throw new Error(`${subscription.id} has no item.`)
  const { status, cancel_at, ended_at } = subscription
  const isOver = hasEnded(subscription)
  return {
    status: isFirstPaymentOpen(subscription)
      ? 'pending'
      : isPausedUnpaid(subscription, isCovered)
        ? 'paused'
        : (STATUSES[status] ?? status),
    plan: planPrices.get(item.price.id) ?? '',
    // All of support's add-ons are monthly, as are the plans.
    price_cents: sum(subscription.items.data.map(({ price, quantity }) => (price.unit_amount ?? 0) * (quantity ?? 1))),
    quantity: item.quantity ?? 1,
    currency: item.price.currency,
    period_start: item.current_period_start,
    period_end: isOver ? (ended_at ?? 0) : item.current_period_end,
    cancel_at: isOver ? null : cancel_at,
    cancel_at_period_end: !isOver && cancel_at !== null && cancel_at <= item.current_period_end,
  }
}

/** Support has paused its collection, and nothing is paid for the running period. */
export function isPausedUnpaid(
  { id, status, pause_collection }: Stripe.Subscription,
  isCovered: (subscription: string) => boolean,
): boolean {
  return pause_collection !== null && (status === 'active' || status === 'past_due') && !isCovered(id)
}

/** Tells of each subscription whether money was kept, or none was due, for the period that runs now. */
export async function coverageOf(world: World): Promise<(subscription: string) => boolean> {
  const [invoices, refunds] = await Promise.all([invoicesOf(world), refundsOf(world)])
  const now = Math.floor(world.faulty.app.stripe.now().getTime() / 1_000)
  return (subscription) => {
    const running = invoices.filter(
      ({ parent, lines }) =>
        idOf(parent?.subscription_details?.subscription) === subscription &&
        lines.data.some(({ amount, period }) => amount >= 0 && period.start <= now && now < period.end),
    )
    const paid = running.filter(({ status }) => status === 'paid')
    const kept = paid.map((invoice) => invoice.total - sum(paymentsOf(invoice).map((id) => refunds.get(id) ?? 0)))
    return sum(kept) > 0 || sum(running.map(({ total }) => total)) <= 0
  }
}

/** A bank debit is under way, or failed. */
function isFirstPaymentOpen({ status, collection_method, latest_invoice: invoice }: Stripe.Subscription): boolean {
  if (!['active', 'past_due', 'unpaid'].includes(status) || collection_method !== 'charge_automatically') return false
  if (typeof invoice !== 'object' || invoice?.billing_reason !== 'subscription_create') return false
  return invoice.status === 'open' && invoice.amount_due > 0
}

async function rowsOf({ faulty: { database }, user }: World): Promise<Row[]> {
  const { rows } = await database.query<Row>(
    `select provider_subscription_id as id, s.status, code as plan, s.price::float8 as price_cents, s.quantity, s.currency, cancel_at_period_end,
       extract(epoch from cancel_at)::float8 as cancel_at,
       extract(epoch from current_period_start)::float8 as period_start,
       extract(epoch from current_period_end)::float8 as period_end, superseded_at is not null as superseded
     from subscriptions s join plans on plans.id = plan_id where user_id = $1 and s.provider = 'stripe'`,
    [user.id],
  )
  return rows
}

/** Compares the rows of payments with Stripe's invoices. @returns the differences. */
export async function wrongPayments(world: World): Promise<string[]> {
  const [invoices, refunded, rows] = await Promise.all([invoicesOf(world), refundsOf(world), paymentRowsOf(world)])
  return invoices.flatMap((invoice) => {
    const row = rows.get(invoice.id)
    if (!row || invoice.amount_due === 0) return []
    const refunds = sum(paymentsOf(invoice).map((id) => refunded.get(id) ?? 0))
    const statuses = expectedStatuses(invoice, refunds)
    if (!statuses.includes(row.status))
      return [`The payment of ${invoice.id} is ${row.status} here, and the invoice is ${invoice.status} at Stripe.`]
    if (invoice.status === 'paid' && row.refunded_cents !== refunds)
      return [`Of ${invoice.id}, ${row.refunded_cents} are refunded here, and ${refunds} at Stripe.`]
    return []
  })
}

function expectedStatuses({ status, amount_due }: Stripe.Invoice, refunds: number): readonly string[] {
  switch (status) {
    case 'paid':
      if (refunds === 0) return ['succeeded']
      return refunds < amount_due ? ['partially_refunded'] : ['refunded']
    case 'void':
      return ['canceled']
    case 'uncollectible':
      return ['uncollectible']
    default:
      return ['pending', 'failed', 'requires_action']
  }
}

/** The payment intents of an invoice. */
export const paymentsOf = ({ payments }: Stripe.Invoice): string[] =>
  (payments?.data ?? []).map(({ payment }) => idOf(payment.payment_intent))

/** What was refunded of each payment intent. */
export async function refundsOf({ stripe, customers }: World): Promise<Map<string, number>> {
  const lists = await Promise.all(customers.map((customer) => stripe.charges.list({ customer, limit: 100 })))
  const charges = lists.flatMap(({ data }) => data).filter(({ paid }) => paid)
  return new Map(charges.map(({ payment_intent, amount_refunded }) => [idOf(payment_intent), amount_refunded]))
}

async function paymentRowsOf({ faulty: { database }, user }: World) {
  const { rows } = await database.query<{ id: string; status: string; refunded_cents: number }>(
    'select provider_invoice_id as id, status, refunded::float8 as refunded_cents from payments where user_id = $1',
    [user.id],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)
