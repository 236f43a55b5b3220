import { randomUUID } from 'node:crypto'
import type Stripe from 'stripe'
import { aPlan } from './plans.ts'
import { chaos, forgetEvents, stripeClient } from './stripe.ts'
import type { TestApp } from './test-app.ts'

/** Each waits for its answer before the next one. */
const AT_ONCE = 8

/**
 * Fills Stripe and the database with subscribers of one plan, as if all had bought it long ago: no event is left, and
 * neither side knows more than the other.
 *
 * @returns the subscriptions at Stripe, oldest first.
 */
export async function manySubscribers(app: TestApp, count: number): Promise<Stripe.Subscription[]> {
  await chaos(app, { drop: 1 })
  const stripe = stripeClient(app)
  const plan = await aPlan(app, { code: 'many' })
  const { id: price } = await stripe.prices.create({
    currency: plan.currency,
    unit_amount: plan.priceCents,
    recurring: { interval: 'month' },
    product_data: { name: plan.code },
  })
  const left = Array.from({ length: count }, (_, index) => index)
  const made: { subscription: Stripe.Subscription; invoice: Stripe.Invoice }[] = []
  const make = async () => {
    while (left.pop() !== undefined) {
      const customer = await stripe.customers.create({
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
      })
      const subscription = await stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price }],
        metadata: { user_id: 'from a checkout page' },
        expand: ['latest_invoice.payments'],
      })
      const { latest_invoice: invoice } = subscription
      if (typeof invoice !== 'object' || !invoice) throw new Error('There is no invoice.')
      made.push({ subscription, invoice })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, make))
  await store(app, plan.id, price, made)
  await forgetEvents(app)
  await chaos(app)
  return made.map(({ subscription }) => subscription).toSorted((a, b) => a.created - b.created)
}

async function store(
  app: TestApp,
  planId: string,
  priceId: string,
  made: readonly { subscription: Stripe.Subscription; invoice: Stripe.Invoice }[],
): Promise<void> {
  const rows = made.map(({ subscription: { id, customer, items }, invoice }) => ({
    id,
    user_id: randomUUID(),
    customer,
    start: items.data[0]?.current_period_start,
    end: items.data[0]?.current_period_end,
    invoice: invoice.id,
    intent: invoice.payments?.data[0]?.payment.payment_intent,
    paid: invoice.amount_due,
  }))
  const account = await app.deps.billing.provider.account()
  // First, because their accounts are there when the statement has ended.
  await app.scope().em.execute(
    `insert into users (id, email, username, username_key, is_verified, created_at, updated_at)
     select user_id, customer || '@example.com', customer, customer, true, now(), now()
     from jsonb_to_recordset(?::jsonb) as row (user_id uuid, customer text)`,
    [JSON.stringify(rows)],
  )
  await app.scope().em.execute(
    `with price as (
       insert into plan_prices (id, plan_id, price_cents, currency, billing_period, provider_price_id, provider_account, created_at)
       select gen_random_uuid(), id, price_cents, currency, billing_period, ?, ?, now() from plans where id = ?
     ), listed as (
       select gen_random_uuid() as subscription_id, *
       from jsonb_to_recordset(?::jsonb) as row (id text, user_id uuid, customer text, start int, "end" int, invoice text, intent text, paid int)
     ), buyer as (
       insert into customers (id, user_id, provider_customer_id, provider_account, created_at)
       select gen_random_uuid(), user_id, customer, ?, now() from listed
     ), bought as (
       insert into subscriptions (id, user_id, plan_id, provider, provider_subscription_id, provider_account, status, price_cents,
         currency, billing_period, started_at, current_period_start, current_period_end, created_at, updated_at)
       select subscription_id, user_id, ?, 'stripe', id, ?, 'active', 1000, 'usd', 'monthly', to_timestamp(start),
         to_timestamp(start), to_timestamp("end"), to_timestamp(start), now() from listed
     )
     insert into payments (id, user_id, subscription_id, provider, provider_invoice_id, provider_payment_id, amount_cents,
       currency, status, created_at, updated_at)
     select gen_random_uuid(), user_id, subscription_id, 'stripe', invoice, intent, paid, 'usd', 'succeeded',
       to_timestamp(start), now() from listed`,
    [priceId, account, planId, JSON.stringify(rows), account, planId, account],
  )
}
