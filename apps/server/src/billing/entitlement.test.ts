import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aPayingUser, calm, failNext, stripeClient } from '../../test/billing.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'

const PLAN_REQUIRED = { data: { code: 'FORBIDDEN', reason: 'PLAN_REQUIRED' } }

describe('what a user is entitled to', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  /** Changes a subscription behind the server's back, as only time and Stripe do. */
  const become = (userId: string, changes: string) =>
    app.scope().em.execute(`update subscriptions set ${changes} where user_id = ?`, [userId])

  test('is free without a subscription, and the export stays shut', async () => {
    const { api } = await app.as(await app.aUser())
    expect(await api.billing.entitlement.query()).toEqual({ tier: 'free', planCode: null, until: null })
    await expect(api.billing.payments.export.query()).rejects.toMatchObject(PLAN_REQUIRED)
  })

  test('is the tier of the plan, for as long as there is access', async () => {
    const user = await aPayingUser(app, 'vip')
    const { api } = await app.as(user)
    const current = await api.billing.subscriptions.current.query()
    expect(await api.billing.entitlement.query()).toEqual({ tier: 'vip', planCode: 'vip', until: current?.accessUntil })

    await become(user.id, "status = 'unpaid'")
    expect(await api.billing.entitlement.query()).toEqual({ tier: 'free', planCode: null, until: null })
    await expect(api.billing.payments.export.query()).rejects.toMatchObject(PLAN_REQUIRED)

    await become(user.id, "status = 'past_due', past_due_since = now()")
    expect(await api.billing.entitlement.query()).toMatchObject({ tier: 'vip' })
    await become(user.id, "status = 'active', current_period_end = now() - interval '3 hours'")
    expect(await api.billing.entitlement.query()).toMatchObject({ tier: 'free' })
  })

  test('on the free plan is no export', async () => {
    const user = await aPayingUser(app, 'free')
    const { api } = await app.as(user)
    expect(await api.billing.entitlement.query()).toMatchObject({ tier: 'free', planCode: 'free' })
    await expect(api.billing.payments.export.query()).rejects.toMatchObject(PLAN_REQUIRED)
  })

  test('asks for a verified address first', async () => {
    const { api } = await app.as(await app.aUser({ isVerified: false }))
    for (const use of [
      () => api.billing.entitlement.query(),
      () => api.billing.payments.export.query(),
      () => api.billing.portal.mutate(),
    ]) {
      await expect(use()).rejects.toMatchObject({ data: { code: 'FORBIDDEN', reason: 'EMAIL_NOT_VERIFIED' } })
    }
  })

  test('from pro on includes the payments as a spreadsheet, whose cells are never formulas', async () => {
    const user = await aPayingUser(app, 'pro')
    await app.scope().em.execute(
      `insert into payments (id, user_id, provider, provider_invoice_id, amount_cents, refunded_cents, currency, status, invoice_url, created_at, updated_at)
       values (gen_random_uuid(), ?, 'stripe', '=HYPERLINK("https://evil.example")', 500, 0, 'jpy', 'failed', null, '2020-01-02T03:04:05Z', now())`,
      [user.id],
    )
    const { api } = await app.as(user)
    const { filename, csv } = await api.billing.payments.export.query()
    expect(filename).toMatch(/^payments-\d{4}-\d{2}-\d{2}\.csv$/)
    const [header, first, second, ...rest] = csv.split('\r\n')
    expect(header).toBe('date,invoice,status,amount,refunded,currency,invoice_url')
    expect(first).toMatch(/^\d{4}-[\dT:.-]+Z,in_\w+,succeeded,19\.00,0\.00,USD,http/)
    expect(second).toBe(`2020-01-02T03:04:05.000Z,"'=HYPERLINK(""https://evil.example"")",failed,500,0,JPY,`)
    expect(rest).toEqual([''])

    const stranger = await app.as(await aPayingUser(app, 'pro'))
    expect((await stranger.api.billing.payments.export.query()).csv).not.toContain('HYPERLINK')
  })
})

describe("Stripe's portal", () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  test('opens for someone who has been to pay, and leads back', async () => {
    const { api } = await app.as(await aPayingUser(app, 'pro'))
    const { url } = await api.billing.portal.mutate()
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('http://console.test/subscription')
  })

  test('is not there for someone who never went to pay, or whom Stripe has forgotten', async () => {
    const noCustomer = { data: { code: 'NOT_FOUND', reason: 'NO_CUSTOMER' } }
    const { api } = await app.as(await app.aUser())
    await expect(api.billing.portal.mutate()).rejects.toMatchObject(noCustomer)

    const gone = await aPayingUser(app, 'pro')
    await stripeClient(app).customers.del(gone.stripeCustomerId)
    await expect((await app.as(gone)).api.billing.portal.mutate()).rejects.toMatchObject(noCustomer)
  })

  test('can not be opened while Stripe is down', async () => {
    const { api } = await app.as(await aPayingUser(app, 'pro'))
    await failNext(app)
    await expect(api.billing.portal.mutate()).rejects.toMatchObject({
      data: { code: 'BAD_GATEWAY', reason: 'PAYMENT_PROVIDER_ERROR' },
    })
  })
})
