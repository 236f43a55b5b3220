import type Stripe from 'stripe'
import { coverageOf, isPausedUnpaid, paymentsOf, refundsOf } from './expected-rows.ts'
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

const DAY = 86_400
/** PAST_DUE_GRACE, in seconds. */
const GRACE = 3 * DAY
/** A replaced subscription is canceled by a job, and the worker may have been down. In seconds. */
const MOMENT = 8 * DAY

/**
 * Compares what the user may use with what they pay for, computed from Stripe's subscriptions and invoices alone. Who
 * has paid for a running period has access, whatever other subscription there is.
 *
 * @returns the differences.
 */
export async function wrongAccess(world: World): Promise<string[]> {
  // Nobody can log in to a closed account.
  if (world.closedAt !== null) return []
  const paidFor = [...(await accessOf(world, await subscriptionsOf(world))).values()]
  const { planCode } = await world.hero.api.billing.entitlement.query()
  const isRight = planCode === null ? paidFor.length === 0 : paidFor.includes(planCode)
  return isRight
    ? []
    : [`They may use ${planCode ?? 'nothing'}, but they pay for ${paidFor.join(' and ') || 'nothing'}.`]
}

/** The plans that the user has paid for at Stripe, or has days of grace for, by subscription. */
export async function accessOf(
  world: World,
  subscriptions: readonly Stripe.Subscription[],
): Promise<Map<string, string>> {
  const now = Math.floor(world.faulty.app.stripe.now().getTime() / 1_000)
  const [invoices, planPrices, isCovered] = await Promise.all([
    invoicesOf(world),
    planPricesOf(world),
    coverageOf(world),
  ])
  return new Map(
    subscriptions.flatMap((subscription): [string, string][] => {
      const price = planItemOf(subscription, planPrices)?.price.id
      const own = invoices.filter((invoice) => subscriptionOf(invoice) === subscription.id)
      const isPaused = isPausedUnpaid(subscription, isCovered)
      const isGiven = price !== undefined && !isPaused && gives(subscription, own, now)
      return isGiven ? [[subscription.id, planPrices.get(price) ?? '']] : []
    }),
  )
}

function gives(subscription: Stripe.Subscription, invoices: readonly Stripe.Invoice[], now: number): boolean {
  const end = Math.max(...subscription.items.data.map(({ current_period_end }) => current_period_end))
  const open = invoices.filter(({ status }) => status === 'open')
  const isFirstOpen = open.some(
    ({ billing_reason, amount_due }) => billing_reason === 'subscription_create' && amount_due > 0,
  )
  switch (subscription.status) {
    case 'trialing':
      return now < end
    case 'active':
      return now < end && (subscription.collection_method === 'send_invoice' || !isFirstOpen)
    case 'past_due': {
      const since = open.flatMap(
        ({ due_date, status_transitions }) => due_date ?? status_transitions.finalized_at ?? [],
      )
      return !isFirstOpen && since.length > 0 && now < Math.min(...since) + GRACE
    }
    default:
      return false
  }
}

/**
 * Looks for two paid periods of plans that overlap, in subscriptions that the user bought. What was refunded or
 * credited does not count, nor does what support made beside another, nor time for which support gave nothing back.
 *
 * @returns what was charged twice, in words.
 */
export async function chargedTwice(world: World): Promise<string[]> {
  const [subscriptions, invoices, planPrices, refunds] = await Promise.all([
    subscriptionsOf(world),
    invoicesOf(world),
    planPricesOf(world),
    refundsOf(world),
  ])
  const bought = new Set(subscriptions.filter(isFromCheckout).map(({ id }) => id))
  const marks: { at: number; step: number; invoice: string }[] = []
  for (const invoice of invoices) {
    const isReturned =
      paymentsOf(invoice).some((id) => (refunds.get(id) ?? 0) > 0) ||
      invoice.post_payment_credit_notes_amount > 0 ||
      invoice.pre_payment_credit_notes_amount > 0
    if (invoice.status !== 'paid' || !bought.has(subscriptionOf(invoice))) continue
    const forfeited = world.forfeited.get(subscriptionOf(invoice))?.find((at) => at >= invoice.created) ?? Infinity
    for (const { amount, period, pricing } of invoice.lines.data) {
      const isPlan = planPrices.has(idOf(pricing?.price_details?.price))
      if (!isPlan || amount === 0 || (amount > 0 && isReturned)) continue
      const step = Math.sign(amount)
      const end = Math.max(period.start, Math.min(period.end, forfeited))
      marks.push({ at: period.start, step, invoice: invoice.id }, { at: end, step: -step, invoice: invoice.id })
    }
  }
  return overlaps(marks)
}

function overlaps(marks: readonly { at: number; step: number; invoice: string }[]): string[] {
  const problems: string[] = []
  let depth = 0
  const sorted = marks.toSorted((one, other) => one.at - other.at)
  for (const [index, { at, step, invoice }] of sorted.entries()) {
    depth += step
    const next = sorted[index + 1]
    if (depth < 2 || !next || next.at - at < MOMENT) continue
    problems.push(`From ${dayOf(at)} to ${dayOf(next.at)}, ${depth} periods are paid, one with ${invoice}.`)
  }
  return problems
}

/** @returns the renewals that were collected after the account was closed and not given back, in words. */
export async function chargedAfterClosing(world: World): Promise<string[]> {
  const { closedAt } = world
  if (closedAt === null) return []
  const [invoices, refunds] = await Promise.all([invoicesOf(world), refundsOf(world)])
  return invoices
    .filter(({ created, status, amount_paid }) => created > closedAt && status === 'paid' && amount_paid > 0)
    .filter(({ billing_reason }) => billing_reason === 'subscription_cycle')
    .filter((invoice) => paymentsOf(invoice).every((id) => (refunds.get(id) ?? 0) < invoice.amount_paid))
    .map(({ id, amount_paid }) => `${amount_paid} were collected after the account was closed (${id}).`)
}

/** @returns subscriptions that are still running although another one has taken their place, in words. */
export async function runningTwice(world: World): Promise<string[]> {
  const bought = (await subscriptionsOf(world)).filter((each) => isFromCheckout(each) && !hasEnded(each))
  return bought.length > 1 ? [`${bought.map(({ id }) => id).join(' and ')} are running, both bought.`] : []
}

/** @returns invoices of replaced subscriptions that Stripe could still collect, in words. */
export async function collectedAfterReplacement(world: World): Promise<string[]> {
  const [invoices, { rows }] = await Promise.all([
    invoicesOf(world),
    world.faulty.database.query<{ id: string }>(
      `select provider_subscription_id as id from subscriptions
       where user_id = $1 and superseded_at is not null and provider_subscription_id is not null`,
      [world.user.id],
    ),
  ])
  const replaced = new Set(rows.map(({ id }) => id))
  return invoices
    .filter((invoice) => replaced.has(subscriptionOf(invoice)))
    .filter(({ status, auto_advance }) => status === 'open' || (status === 'draft' && auto_advance))
    .map((invoice) => `${invoice.id} of the replaced ${subscriptionOf(invoice)} is ${invoice.status}.`)
}

const subscriptionOf = ({ parent }: Stripe.Invoice): string => idOf(parent?.subscription_details?.subscription)
const dayOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 16)
