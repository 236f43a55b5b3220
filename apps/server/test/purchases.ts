import { expect } from 'vitest'
import { aMailTo, mailsTo, until } from './inbox.ts'
import { GOOD_CARD, payOnPage } from './pay.ts'
import { eventsDone } from './progress.ts'
import { stripeClient } from './stripe.ts'
import type { TestApp, TestUser } from './test-app.ts'

export interface PayingUser extends TestUser {
  stripeCustomerId: string
  sessionId: string
}

/** A user who has paid on the checkout page. By default, the webhooks have arrived and given access. */
export async function aPayingUser(
  app: TestApp,
  planCode: string,
  { card = GOOD_CARD, wait = true } = {},
): Promise<PayingUser> {
  const user = await app.aUser()
  const { api } = await app.as(user)
  const { checkoutUrl, sessionId } = await api.billing.subscriptions.subscribe.mutate({ planCode })
  const { location, page } = await payOnPage(checkoutUrl, card)
  if (!location) throw new Error(`The checkout page did not accept the payment: ${page}`)
  if (wait) {
    await until('access', async () => (await api.billing.subscriptions.current.query())?.hasAccess)
    await eventsDone(app)
  }
  return { ...user, sessionId, stripeCustomerId: await stripeCustomerOf(app, user) }
}

/** The id of the user's customer at Stripe; empty if the user has none. */
export async function stripeCustomerOf(app: TestApp, user: TestUser): Promise<string> {
  const [row] = await app
    .scope()
    .em.execute<{ id: string | null }[]>('select provider_customer_id as id from customers where user_id = ?', [
      user.id,
    ])
  return row?.id ?? ''
}

/** Gives a user a plan for nine years, as an admin would. */
export async function aGrant(app: TestApp, user: TestUser, planCode: string): Promise<void> {
  await app.scope().em.execute(
    `insert into subscriptions (id, user_id, plan_id, provider, status, price_cents, currency, billing_period, started_at,
       current_period_start, current_period_end, created_at, updated_at)
     select gen_random_uuid(), ?, id, 'manual', 'active', 0, currency, billing_period, now(), now(),
       now() + interval '9 years', now(), now() from plans where code = ?`,
    [user.id, planCode],
  )
}

/** Checks that a purchase took effect once: one active subscription, one payment, and one email. */
export async function expectStartedOnce(app: TestApp, { id, email }: TestUser): Promise<void> {
  const { em } = app.scope()
  expect(await em.execute('select status from subscriptions where user_id = ?', [id])).toEqual([{ status: 'active' }])
  expect(await em.execute('select status from payments where user_id = ?', [id])).toEqual([{ status: 'succeeded' }])
  await aMailTo(email, /has started/)
  expect((await mailsTo(email)).filter(({ subject }) => /has started/.test(subject))).toHaveLength(1)
}

/** Checks that Stripe has one customer, one session, one product and one price for a user who has bought a plan. */
export async function expectBoughtOnce(app: TestApp, user: TestUser, planCode: string): Promise<void> {
  const stripe = stripeClient(app)
  const customers = (await stripe.customers.list({ email: user.email })).data
  expect(customers).toHaveLength(1)
  expect((await stripe.checkout.sessions.list({ customer: customers[0]?.id ?? '' })).data).toHaveLength(1)
  const products = (await stripe.products.list({ limit: 100 })).data.filter(({ name }) => name === planCode)
  expect(products).toHaveLength(1)
  expect((await stripe.prices.list({ product: products[0]?.id ?? '' })).data).toHaveLength(1)
}
