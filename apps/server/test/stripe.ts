import Stripe from 'stripe'
import { eventsDone } from './progress.ts'
import type { TestApp } from './test-app.ts'

/** The official client, as a program other than the server would use it. */
export function stripeClient(app: TestApp): Stripe {
  const { hostname, port } = new URL(app.stripe.url)
  return new Stripe(app.stripe.secretKey, { host: hostname, port: Number(port), protocol: 'http', telemetry: false })
}

/** The customer's newest charge at Stripe. */
export async function chargeOf(app: TestApp, customer: string): Promise<Stripe.Charge> {
  const [charge] = (await stripeClient(app).charges.list({ customer })).data
  if (!charge) throw new Error('Nothing was charged.')
  return charge
}

/** The customer's newest subscription at Stripe, whether live or ended. */
export async function stripeSubscriptionOf(app: TestApp, customer: string): Promise<Stripe.Subscription> {
  const [subscription] = (await stripeClient(app).subscriptions.list({ customer, status: 'all' })).data
  if (!subscription) throw new Error('There is no subscription.')
  return subscription
}

/** What a customer was charged and refunded, and the credit they have left, according to Stripe. */
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

/** The call does its work, but its answer is a failure. */
export const LOST_ANSWER = { status: 500, afterExecution: true } as const

/** Makes the next calls to Stripe fail. By default, all calls fail until `calm`. */
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
  const failing = { count, ...how, ...(how.timeout || how.reset ? {} : { status }) }
  await controlStripe(app, 'POST', 'fail-next', failing)
}

/** Ends `failNext`: Stripe works again. */
export async function calm(app: TestApp): Promise<void> {
  await controlStripe(app, 'POST', 'fail-next', { count: 0 })
}

/**
 * Drops, repeats, or reorders these shares of all webhook calls from now on. Without shares, all arrive as usual.
 * What happened before `drop` has been applied when it begins: else an old event could bring the news of a lost one.
 */
export async function chaos(
  app: TestApp,
  shares: { drop?: number; duplicate?: number; reorder?: number } = {},
): Promise<void> {
  if (shares.drop) await eventsDone(app)
  await controlStripe(app, 'PUT', 'chaos', shares)
}

/** Declines all future charges of this customer's card, or stops declining them. */
export async function failCharges(app: TestApp, customer: string, on: boolean): Promise<void> {
  await controlStripe(app, 'POST', `customers/${customer}/fail-charges`, { on })
}

/** Removes all events from Stripe's list, as Stripe does after 30 days. */
export async function forgetEvents(app: TestApp): Promise<void> {
  const response = await fetch(`${app.stripe.url}/_/events?before=2100-01-01T00:00:00Z`, { method: 'DELETE' })
  if (!response.ok) throw new Error(`The sandbox refused: ${await response.text()}`)
}

/** Uses the control interface of the Stripe sandbox: `/_/` and the path. Returns its answer. */
export async function controlStripe(
  app: TestApp,
  method: 'POST' | 'PUT',
  path: string,
  body: object = {},
): Promise<unknown> {
  const response = await fetch(`${app.stripe.url}/_/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`The sandbox refused: ${await response.text()}`)
  return response.json()
}
