import { randomUUID } from 'node:crypto'
import Stripe from 'stripe'
import { ApplyStripeEvent } from '../src/billing/index.ts'
import { until } from './inbox.ts'
import { GOOD_CARD, payOnPage } from './pay.ts'
import type { TestApp, TestUser } from './test-app.ts'

/** Milliseconds; a machine with other things to do needs some of them. */
const PATIENCE = 25_000

export interface PayingUser extends TestUser {
  stripeCustomerId: string
  sessionId: string
}

/** A user who has paid on the hosted page; by default the webhooks have arrived and given access. */
export async function aPayingUser(
  app: TestApp,
  planCode: string,
  { card = GOOD_CARD, wait = true } = {},
): Promise<PayingUser> {
  const user = await app.aUser()
  const { api } = await app.as(user)
  const { checkoutUrl, sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode })
  const { location, page } = await payOnPage(checkoutUrl, card)
  if (!location) throw new Error(`The payment page kept the payer: ${page}`)
  if (wait) {
    await until('access', async () => (await api.billing.subscriptions.current.query())?.hasAccess)
    await eventsDone(app)
  }
  const [customer] = await app
    .scope()
    .em.execute<{ provider_customer_id: string }[]>('select provider_customer_id from customers where user_id = ?', [
      user.id,
    ])
  return { ...user, sessionId, stripeCustomerId: customer?.provider_customer_id ?? '' }
}

/** Waits until the sandbox has delivered all its events and the worker has applied them. */
export async function eventsDone(app: TestApp): Promise<void> {
  await app.stripe.drained(PATIENCE)
  await until(
    'all events to be applied',
    async () => {
      const open = await app
        .scope()
        .em.execute("select 1 from provider_events where status in ('received', 'failed') limit 1")
      return open.length === 0
    },
    PATIENCE,
  )
}

/** The official client, as another program than the server would use it. */
export function stripeClient(app: TestApp): Stripe {
  const { hostname, port } = new URL(app.stripe.url)
  return new Stripe(app.stripe.secretKey, { host: hostname, port: Number(port), protocol: 'http', telemetry: false })
}

/** Moves billing time, and waits until everything that came due has been delivered and applied. */
export async function advance(app: TestApp, by: { days?: number; hours?: number; seconds?: number }): Promise<void> {
  await app.stripe.advance(by)
  await eventsDone(app)
}

/** Makes the next calls to Stripe go wrong: all of them by default, until `calm`. */
export async function failNext(
  app: TestApp,
  failure: {
    count?: number
    status?: number
    timeout?: boolean
    reset?: boolean
    afterExecution?: boolean
    kept?: boolean
  } = {},
): Promise<void> {
  const { count = 10_000, status = 500, ...how } = failure
  await tellSandbox(app, { count, ...how, ...(how.timeout || how.reset ? {} : { status }) })
}

/** Webhooks go wrong from now on, in these shares; without any, they arrive again. */
export async function chaos(app: TestApp, shares: { drop?: number; duplicate?: number; reorder?: number } = {}) {
  const response = await fetch(`${app.stripe.url}/_/chaos`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(shares),
  })
  if (!response.ok) throw new Error(`The sandbox refused: ${await response.text()}`)
}

/** Stripe works again. */
export async function calm(app: TestApp): Promise<void> {
  await tellSandbox(app, { count: 0 })
}

/** Stripe does what it is asked, and does not say so. */
export const LOST_ANSWER = { status: 500, afterExecution: true } as const

async function tellSandbox(app: TestApp, failure: object): Promise<void> {
  const response = await fetch(`${app.stripe.url}/_/fail-next`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(failure),
  })
  if (!response.ok) throw new Error(`The sandbox refused: ${await response.text()}`)
}

/** A plan on offer, as an admin would have made it; its objects at Stripe are made when somebody first wants it. */
export async function aPlan(app: TestApp, terms: Partial<TestPlan> & { code: string }): Promise<TestPlan> {
  const plan = {
    id: randomUUID(),
    priceCents: 1_000,
    currency: 'usd',
    billingPeriod: 'monthly',
    tier: 'pro',
    trialDays: 0,
    ...terms,
  } as const
  await app.scope().em.execute(
    `insert into plans (id, code, name, price_cents, currency, billing_period, tier, trial_days, status, created_at, updated_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, 'active', now(), now())`,
    [plan.id, plan.code, plan.code, plan.priceCents, plan.currency, plan.billingPeriod, plan.tier, plan.trialDays],
  )
  return plan
}

export interface TestPlan {
  id: string
  code: string
  priceCents: number
  currency: string
  billingPeriod: 'monthly' | 'yearly'
  tier: 'free' | 'pro' | 'vip'
  trialDays: number
}

/** Waits until no job of these queues waits or runs any more, and what they set off at Stripe has arrived. */
export async function jobsDone(app: TestApp, ...queues: string[]): Promise<void> {
  await until(`the jobs of ${queues.join(', ')}`, async () => {
    const open = await app
      .scope()
      .em.execute("select 1 from pgboss.job where name = any(?) and state in ('created', 'retry', 'active') limit 1", [
        `{${queues.join(',')}}`,
      ])
    return open.length === 0
  })
  await eventsDone(app)
}

/** What a customer was charged and paid back, and what credit he has left, by Stripe's books. */
export async function ledgerOf(app: TestApp, customer: string) {
  const stripe = stripeClient(app)
  const charges = (await stripe.charges.list({ customer, limit: 100 })).data.filter(({ paid }) => paid)
  const account = await stripe.customers.retrieve(customer)
  const invoices = (await stripe.invoices.list({ customer, limit: 100 })).data
  return {
    charged: charges.reduce((sum, { amount }) => sum + amount, 0),
    refunded: charges.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0),
    credit: account.deleted ? 0 : 0 - account.balance,
    invoices: invoices.map(({ total, billing_reason }) => [billing_reason, total]).toReversed(),
  }
}

/** Works off every event that mentions something once more, the newest first. */
export async function replayEvents(app: TestApp, mentioned: string): Promise<void> {
  await app.scope().em.transactional(async (em) => {
    const events = await em.execute<{ id: string }[]>(
      "update provider_events set status = 'received' where payload::text like ? and status = 'processed' returning id",
      [`%${mentioned}%`],
    )
    if (events.length === 0) throw new Error(`No event mentions ${mentioned}.`)
    const newestFirst = events
      .map(({ id }) => id)
      .sort()
      .toReversed()
    for (const eventId of newestFirst) await app.deps.jobs.send(em, ApplyStripeEvent, { eventId })
  })
  await jobsDone(app, ApplyStripeEvent.name)
}

/** From now on every charge of this customer's card is declined, or none. */
export async function failCharges(app: TestApp, customer: string, on: boolean): Promise<void> {
  await fetch(`${app.stripe.url}/_/customers/${customer}/fail-charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on }),
  })
}

/** A plan that an admin has given to a user, for years. */
export async function aGrant(app: TestApp, user: TestUser, planCode: string): Promise<void> {
  await app.scope().em.execute(
    `insert into subscriptions (id, user_id, plan_id, provider, status, price_cents, currency, billing_period, started_at,
       current_period_start, current_period_end, created_at, updated_at)
     select gen_random_uuid(), ?, id, 'manual', 'active', 0, currency, billing_period, now(), now(),
       now() + interval '9 years', now(), now() from plans where code = ?`,
    [user.id, planCode],
  )
}
