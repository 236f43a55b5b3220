import type { TollgateClient } from '@tollgate/client'
import { reportOverage, syncSeats } from '../../src/billing/index.ts'
import { until } from '../inbox.ts'
import { addMember, anOrganization } from '../organizations.ts'
import { payOnPage } from '../pay.ts'
import { aPlan } from '../plans.ts'
import { advance, advanceTo, eventsDone, jobsDone } from '../progress.ts'
import { randomFrom } from '../random-from.ts'
import { aServiceKey } from '../service-keys.ts'
import { calm, failNext, LOST_ANSWER, stripeClient, stripeSubscriptionOf } from '../stripe.ts'
import { customerOf, removeMembers } from '../teams.ts'
import type { TestApp } from '../test-app.ts'
import { usageCalls } from '../usage-calls.ts'

export type Api = TollgateClient['api']

/** Exclusive and included taxes, no smaller unit, and three decimals of which the last is 0. */
const CURRENCIES = ['usd', 'eur', 'jpy', 'krw', 'kwd', 'bhd'] as const
type Currency = (typeof CURRENCIES)[number]

const LIMITS = { small: 10, large: 40, year: 100, tried: 10 } as const
export type Kind = keyof typeof LIMITS
/** Decimals are rounded per invoice. Whole prices are what the smallest amounts of all these currencies allow. */
export const UNIT_PRICES = { small: 10, large: 2.5, year: 20, tried: 10 } as const
const TERMS = {
  small: { priceCents: 2_110, billingPeriod: 'monthly', tier: 'pro', trialDays: 0 },
  large: { priceCents: 5_330, billingPeriod: 'monthly', tier: 'vip', trialDays: 0 },
  year: { priceCents: 49_990, billingPeriod: 'yearly', tier: 'vip', trialDays: 0 },
  tried: { priceCents: 2_510, billingPeriod: 'monthly', tier: 'pro', trialDays: 7 },
} as const

const DISCOUNTS = {
  forever: { percentOff: 15, duration: 'forever' },
  months: { amountOff: 330, duration: 'repeating', months: 2 },
  once: { percentOff: 50, duration: 'once' },
} as const

/** One customer, to whom one thing after another happens. */
export interface Walker {
  readonly app: TestApp
  readonly api: Api
  readonly admin: Api
  readonly random: () => number
  readonly currency: Currency
  readonly accountId: string
  readonly customer: string
  readonly plan: (kind: Kind) => string
  /** What was used in the period, and what of it is included; null while nothing may be used above the limit. */
  use: { used: number; included: number }
  /** Units that are to be billed, by what one costs. */
  readonly units: Record<string, number>
  /** What was put on the balance from outside, and what was on it beside. */
  granted: number
  /** Whether a part of a payment was refunded. A change at once may then start a new period, and bills no use. */
  isRefunded: boolean
}

const known = new WeakMap<TestApp, { plans: Set<string>; discounts: Map<string, string>; key: string }>()

async function knownOf(app: TestApp) {
  const found = known.get(app) ?? { plans: new Set(), discounts: new Map(), key: await aServiceKey(app, 'usage:write') }
  known.set(app, found)
  return found
}

/** A customer who has just bought a plan. Everything about them depends on the seed. */
export async function aWalker(app: TestApp, admin: Api, seed: number): Promise<Walker> {
  const random = randomFrom(seed * 7_919)
  const currency = CURRENCIES[seed % CURRENCIES.length] ?? 'usd'
  const hasSeats = seed % 2 === 0
  const { plans } = await knownOf(app)
  const plan = (kind: Kind) => `walk-${currency}-${kind}${hasSeats ? '-seats' : ''}`
  for (const kind of ['small', 'large', 'year', 'tried'] as const) {
    if (plans.has(plan(kind))) continue
    plans.add(plan(kind))
    const calls = { limit: LIMITS[kind], per: 'period', overage: { unitPriceCents: UNIT_PRICES[kind] } } as const
    const seats = hasSeats ? { included: 1, perSeatCents: 710, max: null } : null
    await aPlan(app, { ...TERMS[kind], code: plan(kind), currency, seats, features: { calls } })
  }
  const user = await app.aUser()
  const { api } = await app.as(user)
  const accountId = (await anOrganization(app, { ...user, api })).id
  const walker: Walker = {
    ...{ app, api, admin, random, currency, accountId, plan, customer: '', granted: 0, isRefunded: false, units: {} },
    use: { used: 0, included: LIMITS.small },
  }
  if (hasSeats) await addMember(app, accountId, await app.aUser(), 'member')
  await locate(walker, seed % 3 === 0 ? 'CH' : 'DE')
  await buy(walker, seed % 4 === 1 ? 'tried' : 'small')
  return { ...walker, customer: await customerOf(app, accountId) }
}

async function locate({ api, accountId }: Walker, country: string): Promise<void> {
  const nowhere = { line1: null, line2: null, city: null, postalCode: null, state: null }
  await api.billing.details.update.mutate({ accountId, address: { ...nowhere, country } })
}

async function buy(walker: Walker, kind: Kind): Promise<void> {
  const { app, api, accountId, plan } = walker
  const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ accountId, planCode: plan(kind) })
  const { location, page } = await payOnPage(checkoutUrl)
  if (!location) throw new Error(page)
  await until('access', async () => (await api.billing.subscriptions.current.query({ accountId }))?.hasAccess)
  await settle(walker)
  walker.use = { used: 0, included: LIMITS[kind] }
  await advance(app, { seconds: 5 })
}

/** Waits until everything that has happened has been applied. */
export async function settle({ app }: Walker): Promise<void> {
  await eventsDone(app)
  await jobsDone(app, 'members-changed', 'sync-seats', 'sync-overage', 'cancel-superseded', 'mail-refund')
}

export const current = async ({ api, accountId }: Walker) => api.billing.subscriptions.current.query({ accountId })

/** The kind of plan that a subscription has. */
export async function kindOf(walker: Walker): Promise<Kind | null> {
  const live = await current(walker)
  const kinds = ['small', 'large', 'year', 'tried'] as const
  return kinds.find((kind) => live?.plan.code === walker.plan(kind)) ?? null
}

async function discountOf({ app, admin, currency }: Walker, name: keyof typeof DISCOUNTS) {
  const { discounts } = await knownOf(app)
  const code = `WALK-${name}-${currency}`
  const terms = { ...DISCOUNTS[name], ...('amountOff' in DISCOUNTS[name] && { currency }) }
  const id = discounts.get(code) ?? (await admin.admin.discounts.create.mutate({ name, code, ...terms })).id
  discounts.set(code, id)
  return { id, code }
}

export const DISCOUNT_NAMES = ['forever', 'months', 'once'] as const

export const STEPS = {
  'a member joins': async (walker: Walker) => {
    await addMember(walker.app, walker.accountId, await walker.app.aUser(), 'member')
    await syncSeats(walker.app.scope(), { accountId: walker.accountId })
  },
  'a member leaves': async ({ app, accountId }: Walker) => {
    await removeMembers(app, accountId, 1)
    await syncSeats(app.scope(), { accountId })
  },
  'days pass': async ({ app, random }: Walker) => advance(app, { days: 1 + Math.floor(random() * 9), seconds: 7 }),
  'a discount is given': async (walker: Walker) => {
    const live = await current(walker)
    const { id } = await discountOf(walker, pick(walker, DISCOUNT_NAMES))
    if (live) await walker.admin.admin.subscriptions.applyDiscount.mutate({ id: live.id, discountId: id })
  },
  'all discounts are taken away': async ({ app, customer }: Walker) => {
    const { id } = await stripeSubscriptionOf(app, customer)
    await stripeClient(app).subscriptions.update(id, { discounts: '' })
  },
  'they move': async (walker: Walker) => locate(walker, pick(walker, ['DE', 'FR', 'CH', 'HU'])),
  'a tax id is given': async ({ api, accountId }: Walker) => {
    const taxIds = [{ type: 'eu_vat', value: 'FR12000000000' }]
    await api.billing.details.update.mutate({ accountId, taxIds })
  },
  'the tax id is taken away': async ({ api, accountId }: Walker) =>
    api.billing.details.update.mutate({ accountId, taxIds: [] }),
  'credit is given': async (walker: Walker) => {
    const amount = pick(walker, [-700, -330, -6_000, 450])
    walker.granted -= amount
    const { app, customer, currency } = walker
    await stripeClient(app).customers.createBalanceTransaction(customer, { amount, currency })
  },
  'something is used': async (walker: Walker) => use(walker),
  'something is reserved, and more of it is settled': async (walker: Walker) => use(walker, { isReserved: true }),
  'use is reported': async ({ app }: Walker) => reportOverage(app.scope()),
  'answers are lost while use is reported': async (walker: Walker) => {
    const { app, random } = walker
    await use(walker)
    await failNext(app, { ...LOST_ANSWER, count: 1 + Math.floor(random() * 3) })
    await Promise.allSettled([reportOverage(app.scope()), reportOverage(app.scope())])
    await calm(app)
  },
  'a part of a payment is refunded': async (walker: Walker) => {
    const { admin, api, accountId, random, currency } = walker
    const { items } = await api.billing.payments.list.query({ accountId })
    const payment = items.find(({ status }) => status === 'succeeded' || status === 'partially_refunded')
    if (!payment) return
    const { leftCents } = await admin.admin.payments.previewRefund.query({ id: payment.id })
    const step = ['kwd', 'bhd'].includes(currency) ? 10 : 1
    const amountCents = Math.floor((leftCents * (0.1 + random() * 0.6)) / step) * step
    if (amountCents === 0) return
    await admin.admin.payments.refund.mutate({ id: payment.id, amountCents })
    walker.isRefunded = true
  },
  'it is set to end, and is not': async ({ api, accountId }: Walker) => {
    await api.billing.subscriptions.cancel.mutate({ accountId })
    await api.billing.subscriptions.resume.mutate({ accountId })
  },
} as const satisfies Record<string, (walker: Walker) => Promise<unknown>>

async function use(walker: Walker, { isReserved = false } = {}): Promise<void> {
  const kind = await kindOf(walker)
  if (!kind) return
  const { app, accountId, random, use: counted } = walker
  const { key } = await knownOf(app)
  const calls = usageCalls(() => ({ app, key }))
  const of = { id: accountId }
  let amount = 1 + Math.floor(random() * 30)
  const answer = await calls.use(of, {
    ...{ feature: 'calls', amount, key: `walk-${accountId}-${random()}` },
    ...(isReserved && { reserve: 600 }),
  })
  if (!answer.allowed) return
  if (isReserved) {
    amount += Math.floor(random() * 9)
    if (random() < 0.3) amount = 0
    await (amount === 0 ? calls.giveBack(of, answer.reservation) : calls.settle(of, answer.reservation, amount))
  }
  const above = (used: number) => Math.max(0, used - counted.included)
  const billed = above(counted.used + amount) - above(counted.used)
  counted.used += amount
  const price = String(UNIT_PRICES[kind])
  if (billed > 0) walker.units[price] = (walker.units[price] ?? 0) + billed
}

/** A subscription is set to end, and another one is bought after its end. */
export async function endLaterAndBuyAgain(walker: Walker): Promise<void> {
  await walker.api.billing.subscriptions.cancel.mutate({ accountId: walker.accountId })
  await reportOverage(walker.app.scope())
  await toPeriodEnd(walker, -3_600)
  await settle(walker)
  await buy(walker, pick(walker, ['small', 'large', 'year']))
}

/** A higher plan is bought on a checkout page, and takes the place of the present one. */
export async function upgradeOnPage(walker: Walker): Promise<void> {
  const { app, api, accountId, plan } = walker
  const { subscriptions } = api.billing
  await reportOverage(app.scope())
  await advance(app, { seconds: 5 })
  const { checkoutUrl } = await subscriptions.upgrade.mutate({ accountId, planCode: plan('large') })
  const { location, page } = await payOnPage(checkoutUrl)
  if (!location) throw new Error(page)
  await until('it', async () => (await subscriptions.current.query({ accountId }))?.plan.code === plan('large'))
  await settle(walker)
  walker.use = { used: 0, included: LIMITS.large }
  await advance(app, { seconds: 5 })
}

/** Ends a subscription at once and buys another one. */
export async function endAndBuyAgain(walker: Walker): Promise<void> {
  const live = await current(walker)
  if (live) await walker.admin.admin.subscriptions.cancel.mutate({ id: live.id, at: 'now' })
  await settle(walker)
  await advance(walker.app, { seconds: 5 })
  await buy(walker, pick(walker, ['small', 'large', 'year']))
}

/** Collection is paused for a while, and then goes on. */
export async function pauseAndResume({ app, customer }: Walker, days: number): Promise<void> {
  const { id } = await stripeSubscriptionOf(app, customer)
  await stripeClient(app).subscriptions.update(id, { pause_collection: { behavior: 'void' } })
  await advance(app, { days })
  await stripeClient(app).subscriptions.update(id, { pause_collection: '' })
}

/** Notes that another plan holds from now on. In the same period, what was used before counts as included. */
export function notePlan(walker: Walker, kind: Kind, { isNewPeriod }: { isNewPeriod: boolean }): void {
  const used = isNewPeriod ? 0 : walker.use.used
  walker.use = { used, included: Math.max(LIMITS[kind], used) }
}

export async function toPeriodEnd(walker: Walker, secondsBefore: number): Promise<void> {
  const end = (await current(walker))?.currentPeriodEnd
  if (end) await advanceTo(walker.app, new Date(end.getTime() - secondsBefore * 1_000))
}

export function pick<T>({ random }: Pick<Walker, 'random'>, from: readonly [T, ...T[]]): T {
  return from[Math.floor(random() * from.length)] ?? from[0]
}
