import type StripeClass from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from '../hosted-pages.ts'
import { expanded, idOf, PATIENCE_MS, TestSandbox } from '../test-sandbox.ts'
import { ClientFolder, serveHandler } from './client-folder.ts'

type Handler = (event: StripeClass.Event) => Promise<void>

const SECRET = 'whsec_starter'
/** What the starter sends, and the types of the newest version no longer have. */
const CARDS = { payment_method_types: ['card'] }
const pages = new Browser()

const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync(), 300_000)
const folders: Record<string, ClientFolder> = {}
beforeAll(() => {
  // The versions that the starters have in their lockfiles.
  for (const version of ['18.1.0', '14.25.0']) folders[version] = stack.use(ClientFolder.install({ stripe: version }))
}, 300_000)

/** An app with one version of the official package, whose webhook endpoint calls a handler. */
async function anApp(version: string, apiVersion: '2025-04-30.basil' | '2023-10-16') {
  const { default: Stripe } = (await folders[version]?.import<{ default: typeof StripeClass }>('stripe')) ?? raise()
  let handle: Handler = () => Promise.resolve()
  const failures: string[] = []
  const app = stack.use(
    await serveHandler(async (request) => {
      try {
        const signature = request.headers.get('stripe-signature') ?? ''
        await handle(stripe.webhooks.constructEvent(await request.text(), signature, SECRET))
      } catch (error) {
        failures.push(String(error))
        return new Response('failed', { status: 400 })
      }
      return Response.json({ received: true })
    }),
  )
  const it = stack.use(
    await TestSandbox.start({ webhookEndpoints: [{ url: `${app.url}/api/webhooks`, secret: SECRET, apiVersion }] }),
  )
  const { hostname: host, port } = new URL(it.sandbox.url)
  const config = { apiVersion: apiVersion as never, host, port: Number(port), protocol: 'http' as const }
  const stripe = new Stripe('sk_test_sandbox', config)
  return { it, stripe, url: app.url, failures, onEvent: (next: Handler) => (handle = next) }
}

function raise(): never {
  throw new Error('The package is not installed.')
}

describe('the flow of nextjs/saas-starter, with stripe 18 and 2025-04-30.basil', () => {
  /** What the starter keeps for a team. */
  const team = { customer: '', subscription: '', product: '', plan: '', status: '' }
  let app: Awaited<ReturnType<typeof anApp>>
  let price = ''
  beforeAll(async () => {
    app = await anApp('18.1.0', '2025-04-30.basil')
    app.onEvent(async ({ type, data }) => {
      if (type !== 'customer.subscription.updated' && type !== 'customer.subscription.deleted') return
      const { customer, status, items } = data.object
      if (idOf(customer) !== team.customer) return
      const plan = items.data[0]?.plan
      team.status = status
      if (status !== 'active' && status !== 'trialing') Object.assign(team, { subscription: '', product: '', plan: '' })
      else team.product = idOf(plan?.product)
    })
  }, 60_000)

  test('seeds and lists plans with a trial', async () => {
    const product = await app.stripe.products.create({ name: 'Base', description: 'Base subscription plan' })
    const recurring = { interval: 'month', trial_period_days: 7 } as const
    const created = await app.stripe.prices.create({
      ...{ product: product.id, unit_amount: 800, currency: 'usd', recurring },
    })
    price = created.id
    const prices = await app.stripe.prices.list({ expand: ['data.product'], active: true, type: 'recurring' })
    expect(prices.data).toMatchObject([
      { id: price, unit_amount: 800, product: { name: 'Base' }, recurring: { trial_period_days: 7 } },
    ])
    const products = await app.stripe.products.list({ active: true, expand: ['data.default_price'] })
    expect(products.data).toMatchObject([{ id: product.id, default_price: null }])
  })

  test('subscribes by a checkout with a trial, and reads it on the way back', async () => {
    const session = await app.stripe.checkout.sessions.create({
      ...CARDS,
      line_items: [{ price, quantity: 1 }],
      mode: 'subscription',
      success_url: `${app.url}/api/stripe/checkout?session_id={CHECKOUT_SESSION_ID}`,
      cancel_url: `${app.url}/pricing`,
      client_reference_id: '1',
      allow_promotion_codes: true,
      subscription_data: { trial_period_days: 14 },
    })
    const { location } = await pages.pay({ url: session.url ?? '' })
    const id = new URL(location ?? '').searchParams.get('session_id') ?? ''
    const paid = await app.stripe.checkout.sessions.retrieve(id, { expand: ['customer', 'subscription'] })
    expect(paid.client_reference_id).toBe('1')
    const subscription = await app.stripe.subscriptions.retrieve(idOf(paid.subscription), {
      expand: ['items.data.price.product'],
    })
    const plan = subscription.items.data[0]?.price
    const product = expanded<StripeClass.Product>(plan?.product as StripeClass.Product)
    Object.assign(team, {
      ...{ customer: idOf(paid.customer), subscription: subscription.id, product: product.id },
      ...{ plan: product.name, status: subscription.status },
    })
    expect(team).toMatchObject({ plan: 'Base', status: 'trialing' })
  })

  test('makes its own portal configuration, in which the customer cancels', async () => {
    expect((await app.stripe.billingPortal.configurations.list()).data).toEqual([])
    const product = await app.stripe.products.retrieve(team.product)
    const prices = await app.stripe.prices.list({ product: product.id, active: true })
    const configuration = await app.stripe.billingPortal.configurations.create({
      business_profile: { headline: 'Manage your subscription' },
      features: {
        subscription_update: {
          enabled: true,
          default_allowed_updates: ['price', 'quantity', 'promotion_code'],
          proration_behavior: 'create_prorations',
          products: [{ product: product.id, prices: prices.data.map((each) => each.id) }],
        },
        subscription_cancel: {
          enabled: true,
          mode: 'at_period_end',
          cancellation_reason: { enabled: true, options: ['too_expensive', 'missing_features', 'unused', 'other'] },
        },
        payment_method_update: { enabled: true },
      },
    })
    const session = await app.stripe.billingPortal.sessions.create({
      ...{ customer: team.customer, return_url: `${app.url}/dashboard`, configuration: configuration.id },
    })
    const page = await pages.open(session.url)
    const { subscription } = team
    await pages.submit(page, { subscription }, { name: 'action', value: 'cancel' })
    await app.it.sandbox.advance({ days: 15 })
    await expect.poll(() => team, { timeout: PATIENCE_MS }).toMatchObject({ status: 'canceled', subscription: '' })
    expect(app.failures).toEqual([])
  })
})

describe('the flow of vercel/nextjs-subscription-payments, with stripe 14 and 2023-10-16', () => {
  /** The starter's tables, by id. */
  const products = new Map<string, { active: boolean; name: string }>()
  const prices = new Map<string, { active: boolean; unit_amount: number | null; trial_period_days?: number | null }>()
  const subscriptions = new Map<string, Record<string, unknown>>()
  let app: Awaited<ReturnType<typeof anApp>>
  let customer = ''
  let session: StripeClass.Checkout.Session

  async function keepSubscription(id: string, isNew: boolean): Promise<void> {
    const subscription = await app.stripe.subscriptions.retrieve(id, { expand: ['default_payment_method'] })
    // What version 2023-10-16 has, and the types of the newest don't.
    const old: Record<string, unknown> = { ...subscription }
    const { status, items, cancel_at_period_end } = subscription
    subscriptions.set(id, {
      ...{ status, cancel_at_period_end, price: items.data[0]?.price.id },
      current_period_start: new Date(Number(old['current_period_start']) * 1000).toISOString(),
      current_period_end: new Date(Number(old['current_period_end']) * 1000).toISOString(),
    })
    if (!isNew) return
    const method = expanded<StripeClass.PaymentMethod>(subscription.default_payment_method)
    const { name, address } = method.billing_details
    if (name && address?.country) await app.stripe.customers.update(idOf(subscription.customer), { name })
  }

  beforeAll(async () => {
    app = await anApp('14.25.0', '2023-10-16')
    app.onEvent(async ({ type, data }) => {
      if (type === 'product.created' || type === 'product.updated') products.set(data.object.id, data.object)
      else if (type === 'product.deleted') products.delete(data.object.id)
      else if (type === 'price.created' || type === 'price.updated') {
        const { id, active, unit_amount, recurring } = data.object
        prices.set(id, { active, unit_amount, trial_period_days: recurring?.trial_period_days })
      } else if (type === 'price.deleted') prices.delete(data.object.id)
      else if (type === 'checkout.session.completed') {
        if (data.object.mode === 'subscription') await keepSubscription(idOf(data.object.subscription), true)
      } else if (type.startsWith('customer.subscription.'))
        await keepSubscription((data.object as StripeClass.Subscription).id, type === 'customer.subscription.created')
    })
  }, 60_000)

  test('follows products and prices by webhooks', async () => {
    const price = await app.it.aPrice({ amount: 1000, name: 'Hobby' })
    await app.it.stripe.products.update(idOf(price.product), { name: 'Freelancer' })
    await app.it.sandbox.drained()
    expect([...products.values()]).toMatchObject([{ name: 'Freelancer', active: true }])
    expect([...prices.values()]).toEqual([{ active: true, unit_amount: 1000, trial_period_days: null }])
  })

  test('finds or makes the customer, and subscribes them with an address and a trial', async () => {
    const email = 'ada@example.com'
    expect((await app.stripe.customers.list({ email })).data).toEqual([])
    customer = (await app.stripe.customers.create({ metadata: { supabaseUUID: 'u1' }, email })).id
    expect((await app.stripe.customers.list({ email })).data).toMatchObject([{ id: customer }])
    session = await app.stripe.checkout.sessions.create({
      ...{ allow_promotion_codes: true, billing_address_collection: 'required', customer },
      customer_update: { address: 'auto' },
      line_items: [{ price: [...prices.keys()][0], quantity: 1 }],
      mode: 'subscription',
      subscription_data: { trial_end: Math.floor(Date.now() / 1000) + 8 * 24 * 3600 },
      ...{ cancel_url: app.url, success_url: `${app.url}/account` },
    })
    const paid = await pages.pay({ url: session.url ?? '' })
    expect(paid.location).toBe(`${app.url}/account`)
    await expect
      .poll(() => [...subscriptions.values()], { timeout: PATIENCE_MS })
      .toMatchObject([{ status: 'trialing' }])
  })

  test('knows the period of a subscription, in a version that has it on the subscription', async () => {
    await app.it.sandbox.advance({ days: 9 })
    const [kept] = [...subscriptions.values()]
    expect(kept).toMatchObject({ status: 'active', cancel_at_period_end: false })
    const period = Date.parse(String(kept?.['current_period_end'])) - Date.parse(String(kept?.['current_period_start']))
    expect(period / 86_400_000).toBeGreaterThanOrEqual(28)
    expect(app.failures).toEqual([])
  })

  test('opens the portal, in which the customer cancels', async () => {
    const { url } = await app.stripe.billingPortal.sessions.create({ customer, return_url: `${app.url}/account` })
    const [subscription = ''] = subscriptions.keys()
    await pages.submit(await pages.open(url), { subscription }, { name: 'action', value: 'cancel' })
    await app.it.sandbox.advance({ days: 32 })
    expect(subscriptions.get(subscription)).toMatchObject({ status: 'canceled' })
    expect(app.failures).toEqual([])
  })
})
