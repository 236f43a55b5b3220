import type StripeClass from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from '../hosted-pages.ts'
import { PATIENCE_MS, TestSandbox } from '../test-sandbox.ts'
import { ClientFolder, serveHandler } from './client-folder.ts'

/** What the tests use of better-auth, of its Stripe plugin and of its adapter for tests. */
interface BetterAuth {
  betterAuth(options: object): { handler(request: Request): Promise<Response> }
}
interface MemoryAdapter {
  memoryAdapter(tables: Record<string, unknown[]>): object
}
interface Plugin {
  stripe(options: object): object
}
interface Subscription {
  plan: string
  status: string
  stripeSubscriptionId: string
  cancelAt: string | null
  periodEnd: string
}

const SECRET = 'whsec_better_auth'
const pages = new Browser()

let folder: ClientFolder
let it: TestSandbox
let app: Awaited<ReturnType<typeof serveHandler>>
let cookie = ''

beforeAll(async () => {
  folder = ClientFolder.install({
    'better-auth': '1.7.6',
    '@better-auth/core': '1.7.6',
    '@better-auth/stripe': '1.7.6',
    'better-call': '1.4.0',
    stripe: '22.3.0',
  })
  const { betterAuth } = await folder.import<BetterAuth>('better-auth')
  const { memoryAdapter } = await folder.import<MemoryAdapter>('better-auth/adapters/memory')
  const { stripe } = await folder.import<Plugin>('@better-auth/stripe')
  const { default: Stripe } = await folder.import<{ default: typeof StripeClass }>('stripe')

  let handler: (request: Request) => Promise<Response> = () => Promise.resolve(new Response())
  app = await serveHandler((request) => handler(request))
  it = await TestSandbox.start({
    webhookEndpoints: [{ url: `${app.url}/api/auth/stripe/webhook`, secret: SECRET }],
  })
  const [basic, pro] = [await it.aPrice({ amount: 1000, name: 'Basic' }), await it.aPrice({ amount: 3000 })]
  const proYearly = await it.aPrice({ amount: 30_000, interval: 'year' })
  const { hostname: host, port } = new URL(it.sandbox.url)
  const auth = betterAuth({
    baseURL: app.url,
    secret: 'a secret for this test that is long enough',
    database: memoryAdapter({ user: [], session: [], account: [], verification: [], subscription: [] }),
    emailAndPassword: { enabled: true },
    plugins: [
      stripe({
        stripeClient: new Stripe('sk_test_sandbox', { host, port: Number(port), protocol: 'http' }),
        stripeWebhookSecret: SECRET,
        createCustomerOnSignUp: true,
        subscription: {
          enabled: true,
          plans: [
            { name: 'basic', priceId: basic.id },
            { name: 'pro', priceId: pro.id, annualDiscountPriceId: proYearly.id },
          ],
        },
      }),
    ],
  })
  handler = (request) => auth.handler(request)
}, 300_000)
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await it[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
}, 300_000)

async function call<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const response = await fetch(`${app.url}/api/auth${path}`, {
    method,
    redirect: 'manual',
    headers: { cookie, origin: app.url, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const set = response.headers.getSetCookie().map((each) => each.split(';')[0])
  if (set.length > 0) cookie = set.join('; ')
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}

const subscriptions = () => call<Subscription[]>('GET', '/subscription/list')
const upgrade = (plan: string, more: object = {}) =>
  call<{ url: string }>('POST', '/subscription/upgrade', {
    ...{ plan, successUrl: '/welcome', cancelUrl: '/plans', returnUrl: '/account' },
    ...more,
  })

/** Waits until the app has seen what happened at Stripe. */
async function expectSubscription(expected: Partial<Subscription>): Promise<Subscription> {
  await expect.poll(subscriptions, { timeout: PATIENCE_MS }).toMatchObject([expected])
  const [subscription] = await subscriptions()
  if (!subscription) throw new Error('There is no subscription.')
  return subscription
}

describe('better-auth with its Stripe plugin', () => {
  test('creates a customer on sign-up', async () => {
    await call('POST', '/sign-up/email', { name: 'Ada', email: 'ada@example.com', password: 'a long password' })
    expect((await it.stripe.customers.list()).data).toMatchObject([{ email: 'ada@example.com', name: 'Ada' }])
  })

  test('subscribes by a checkout', async () => {
    const { url } = await upgrade('basic')
    const paid = await pages.pay({ url })
    expect(paid.location).toContain(app.url)
    await expectSubscription({ plan: 'basic', status: 'active' })
    expect((await fetch(paid.location ?? '', { headers: { cookie }, redirect: 'manual' })).status).toBe(302)
  })

  test('changes the plan by the confirmation page of the portal', async () => {
    const { stripeSubscriptionId: id } = await expectSubscription({ plan: 'basic' })
    const { url } = await upgrade('pro', { subscriptionId: id })
    const page = await pages.open(url)
    const confirmed = await pages.submit(page, { subscription: id }, { name: 'action', value: 'change_plan' })
    expect(confirmed.location).toBe(`${app.url}/account`)
    await expectSubscription({ plan: 'pro', status: 'active' })
    expect((await it.subscription(id)).items.data).toMatchObject([{ price: { unit_amount: 3000 } }])
  })

  test('changes to the yearly price of the plan', async () => {
    const { stripeSubscriptionId: id } = await expectSubscription({ plan: 'pro' })
    const { url } = await upgrade('pro', { subscriptionId: id, annual: true })
    await pages.submit(await pages.open(url), { subscription: id }, { name: 'action', value: 'change_plan' })
    await expect.poll(async () => (await it.subscription(id)).items.data[0]?.price.unit_amount).toBe(30_000)
  })

  test('cancels in the portal, and restores', async () => {
    const { stripeSubscriptionId: id } = await expectSubscription({ plan: 'pro', status: 'active' })
    const { url } = await call<{ url: string }>('POST', '/subscription/cancel', { returnUrl: '/account' })
    const canceled = await pages.submit(
      await pages.open(url),
      { subscription: id },
      { name: 'action', value: 'cancel' },
    )
    const home = await pages.open(canceled.location ?? '')
    expect(home.text).toContain('Invoices')
    expect(home.text).toContain(`${app.url}/account`)
    await expectSubscription({ cancelAt: expect.any(String) as string })
    await call('POST', '/subscription/restore', {})
    await expectSubscription({ cancelAt: null, status: 'active' })
    expect(await it.subscription(id)).toMatchObject({ cancel_at_period_end: false, cancel_at: null })
  })

  test('opens the portal', async () => {
    const { url } = await call<{ url: string }>('POST', '/subscription/billing-portal', { returnUrl: '/account' })
    expect((await pages.open(url)).text).toContain('ada@example.com')
  })

  test('schedules a downgrade to the end of the period', async () => {
    const { stripeSubscriptionId: id } = await expectSubscription({ plan: 'pro' })
    await upgrade('basic', { subscriptionId: id, scheduleAtPeriodEnd: true })
    await it.sandbox.advance({ days: 367 })
    const { status } = await expectSubscription({ plan: 'basic' })
    expect(status).toBe('active')
  })

  test('follows a subscription to its end', async () => {
    const { stripeSubscriptionId: id } = await expectSubscription({ plan: 'basic' })
    await it.stripe.subscriptions.cancel(id)
    await expect.poll(subscriptions, { timeout: PATIENCE_MS }).toEqual([])
  })
})
