import Stripe from 'stripe'
import { until } from './inbox.ts'
import { GOOD_CARD, payOnPage } from './pay.ts'
import type { TestApp, TestUser } from './test-app.ts'

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
  await app.stripe.settled()
  await until('all events to be applied', async () => {
    const open = await app
      .scope()
      .em.execute("select 1 from provider_events where status in ('received', 'failed') limit 1")
    return open.length === 0
  })
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
