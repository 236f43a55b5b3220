import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aMailTo, mailsTo, until } from '../../../test/inbox.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser } from '../../../test/purchases.ts'
import { reasonOf, refusal } from '../../../test/rejection.ts'
import { calm, failNext } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { consume } from '../usage/consume.ts'

const PLAN_REQUIRED = refusal('FORBIDDEN', 'PLAN_REQUIRED')

describe('entitlement', () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp()))
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  /** Changes a subscription directly in the database. */
  const become = (userId: string, changes: string) =>
    app.scope().em.execute(`update subscriptions set ${changes} where user_id = ?`, [userId])

  test('is free without a subscription, which does not include the export', async () => {
    const { api } = await app.as(await app.aUser())
    expect(await api.billing.entitlement.query()).toEqual({ tier: 'free', planCode: null, until: null })
    await expect(api.billing.payments.export.query()).rejects.toMatchObject(PLAN_REQUIRED)
  })

  test.each([
    ['team', 15, true],
    ['starter', 5, false],
    ['nameless', null, false],
  ])(
    'compares the tiers of a plans file by rank: %s with rank %s has the export: %s',
    async (tier, rank, isAllowed) => {
      const { id } = await aPlan(app, { code: `tiered-${tier}` })
      await app.scope().em.execute('update plans set tier = ?, tier_rank = ? where id = ?', [tier, rank, id])
      const user = await app.aUser()
      await aGrant(app, user, `tiered-${tier}`)
      const { api } = await app.as(user)
      expect(await api.billing.entitlement.query()).toMatchObject({ tier })
      expect(await api.billing.subscriptions.current.query()).toMatchObject({ plan: { tier, tierRank: rank ?? 0 } })
      const exported = await reasonOf(api.billing.payments.export.query())
      expect(exported).toBe(isAllowed ? 'fine' : 'PLAN_REQUIRED')
    },
  )

  test('that is missing is unlocked by the plan that is cheapest by any of its prices in the currency of the account', async () => {
    const features = { reports: true as const }
    await aPlan(app, { code: 'reports-dollars', priceCents: 3_000, features })
    await aPlan(app, { code: 'reports-both', priceCents: 9_000, currency: 'eur', features })
    const user = await app.aUser()
    await aGrant(app, user, 'pro')
    const unlocking = async (key: string) =>
      (await consume(app.scope(), { id: user.id, feature: 'reports', amount: 1, key })).unlockedBy
    expect(await unlocking('by the first price')).toEqual({ planCode: 'reports-dollars' })

    const yearly = {
      billingPeriod: 'yearly',
      currency: 'usd',
      priceCents: 24_000,
      perSeatCents: null,
      provider: 'stripe',
    }
    await app
      .scope()
      .em.execute("update plans set further_prices = ? where code = 'reports-both'", [JSON.stringify([yearly])])
    expect(await unlocking('by another one')).toEqual({ planCode: 'reports-both' })
    await app.scope().em.execute("update plans set status = 'retired' where code like 'reports-%'")
  })

  test('is the tier of the plan while the user has access, and free otherwise', async () => {
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

  test('does not include the export on the free plan', async () => {
    const user = await aPayingUser(app, 'free')
    const { api } = await app.as(user)
    expect(await api.billing.entitlement.query()).toMatchObject({ tier: 'free', planCode: 'free' })
    await expect(api.billing.payments.export.query()).rejects.toMatchObject(PLAN_REQUIRED)
  })

  test('counts anew from each period that really begins, and goes on through all other changes', async () => {
    const calls = (limit: number) => ({ features: { calls: { limit, per: 'period' } } }) as const
    await aPlan(app, { code: 'metered', ...calls(10) })
    await aPlan(app, { code: 'metered-more', priceCents: 3_000, tier: 'vip', ...calls(20) })
    await aPlan(app, { code: 'metered-yearly', priceCents: 40_000, billingPeriod: 'yearly', tier: 'vip', ...calls(50) })
    await app.scope().em.execute("update plans set features = ? where code = 'free'", [calls(2).features])
    const user = await aPayingUser(app, 'metered')
    const { billing } = (await app.as(user)).api
    let keys = 0
    const use = async (amount: number) => {
      const { allowed, used, limit } = await consume(app.scope(), {
        ...{ id: user.id, feature: 'calls', amount, key: `moved-${++keys}` },
      })
      return { allowed, used, limit }
    }
    const seen = async () => {
      const { used, limit, resetsAt } = (await billing.entitlements.query()).features['calls'] ?? {}
      const { currentPeriodEnd = null } = (await billing.subscriptions.current.query()) ?? {}
      return { used, limit, isUntilPeriodEnd: resetsAt?.getTime() === currentPeriodEnd?.getTime() }
    }
    const change = async (planCode: string) => {
      const { prorationDate } = await billing.subscriptions.previewChange.query({ planCode })
      await billing.subscriptions.change.mutate({ planCode, prorationDate })
      await eventsDone(app)
    }

    expect(await use(10)).toEqual({ allowed: true, used: 10, limit: 10 })
    expect(await use(1)).toEqual({ allowed: false, used: 10, limit: 10 })
    await advance(app, { days: 32 })
    expect(await seen()).toEqual({ used: 0, limit: 10, isUntilPeriodEnd: true })

    await use(9)
    await change('metered-more') // The same period goes on, with more room.
    expect(await seen()).toEqual({ used: 9, limit: 20, isUntilPeriodEnd: true })
    expect(await use(11)).toEqual({ allowed: true, used: 20, limit: 20 })

    const { id = '' } = (await billing.payments.list.query({})).items.find(({ amountCents }) => amountCents > 500) ?? {}
    await (await anAdmin(app)).api.admin.payments.refund.mutate({ id, amountCents: 500 })
    await eventsDone(app)
    expect(await seen()).toEqual({ used: 20, limit: 20, isUntilPeriodEnd: true })
    expect(await use(1)).toMatchObject({ allowed: false })

    await change('metered-yearly') // A year begins now.
    expect(await seen()).toEqual({ used: 0, limit: 50, isUntilPeriodEnd: true })
    await use(30)

    await billing.subscriptions.cancel.mutate()
    await eventsDone(app)
    expect(await seen()).toEqual({ used: 30, limit: 50, isUntilPeriodEnd: true })
    await advance(app, { days: 367 })
    expect(await billing.entitlement.query()).toMatchObject({ tier: 'free', planCode: null })
    expect(await use(3)).toEqual({ allowed: false, used: 0, limit: 2 })
    expect(await use(2)).toEqual({ allowed: true, used: 2, limit: 2 })
  })

  test('requires a verified email address', async () => {
    const { api } = await app.as(await app.aUser({ isVerified: false }))
    for (const use of [
      () => api.billing.entitlement.query(),
      () => api.billing.payments.export.query(),
      () => api.billing.portal.mutate(),
    ]) {
      await expect(use()).rejects.toMatchObject(refusal('FORBIDDEN', 'EMAIL_NOT_VERIFIED'))
    }
  })

  test('includes the CSV export from pro on, and no cell of it is a formula', async () => {
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
    expect(header).toBe('date,invoice,status,amount,refunded,currency,invoice_url,subtotal,discount,tax')
    expect(first).toMatch(/^\d{4}-[\dT:.-]+Z,in_\w+,succeeded,19\.00,0\.00,USD,http\S+,19\.00,0\.00,0\.00$/)
    expect(second).toBe(`2020-01-02T03:04:05.000Z,"'=HYPERLINK(""https://evil.example"")",failed,500,0,JPY,,,,`)
    expect(rest).toEqual([''])

    const otherUser = await app.as(await aPayingUser(app, 'pro'))
    expect((await otherUser.api.billing.payments.export.query()).csv).not.toContain('HYPERLINK')
  })
})

describe("Stripe's portal", () => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp({}, { sandbox: { settings: { portalPlanChanges: true } } })))
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  test('opens for a user who has paid, and links back to the console', async () => {
    const { api } = await app.as(await aPayingUser(app, 'pro'))
    const { url } = await api.billing.portal.mutate()
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('http://console.test/subscription')
  })

  test('offers every plan on sale; a change there changes the plan here and sends one email', async () => {
    await aPlan(app, { code: 'team', priceCents: 9_900, tier: 'vip' })
    const user = await aPayingUser(app, 'pro')
    const { api } = await app.as(user)
    const { url } = await api.billing.portal.mutate()
    const { options, choose } = await plansInPortal(url)
    expect([...options.keys()]).toEqual([
      ...['Free: $0.00 a month', 'VIP: $49.00 a month', 'team: $99.00 a month'],
      ...['Pro: $190.00 a year', 'VIP: $490.00 a year'],
    ])

    await choose('VIP: $49.00 a month')
    const current = await until('the new plan', async () => {
      const subscription = await api.billing.subscriptions.current.query()
      return subscription?.plan.code === 'vip' && subscription
    })
    expect(current).toMatchObject({ status: 'active', priceCents: 4_900, hasAccess: true, scheduledChange: null })
    await eventsDone(app)
    expect((await api.billing.entitlement.query()).tier).toBe('vip')
    expect((await aMailTo(user.email, /You're now on VIP/)).text).toContain('$49.00 a month')
    expect(await mailsTo(user.email)).toHaveLength(2)
    expect([...(await plansInPortal(url)).options.keys()]).toContain('Pro: $19.00 a month')
  })

  test('leaves out a plan whose currency Stripe does not accept', async () => {
    await aPlan(app, { code: 'odd', currency: 'xyz' })
    const { api } = await app.as(await aPayingUser(app, 'pro'))
    expect([...(await plansInPortal((await api.billing.portal.mutate()).url)).options.keys()]).not.toContain('odd')
  })

  test('opens even if Stripe fails to create a plan', async () => {
    const { api } = await app.as(await aPayingUser(app, 'pro'))
    await aPlan(app, { code: 'hapless' })
    await failNext(app, { count: 3 }) // the call and its two retries
    expect((await fetch((await api.billing.portal.mutate()).url)).status).toBe(200)
  })

  test('is refused for a user who never opened a checkout page', async () => {
    const { api } = await app.as(await app.aUser())
    await expect(api.billing.portal.mutate()).rejects.toMatchObject(refusal('NOT_FOUND', 'NO_CUSTOMER'))
  })

  test('is refused while Stripe is down', async () => {
    const { api } = await app.as(await aPayingUser(app, 'pro'))
    await failNext(app)
    await expect(api.billing.portal.mutate()).rejects.toMatchObject(refusal('BAD_GATEWAY', 'PAYMENT_PROVIDER_ERROR'))
  })
})

/** The plans that the portal offers, by label, and a function that chooses one. */
async function plansInPortal(url: string) {
  const page = await (await fetch(url)).text()
  const subscription = /name="subscription" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const options = new Map(
    [...page.matchAll(/<option value="([^"]+)">([^<]+)</g)].map(([, price = '', label = '']) => [label, price]),
  )
  const choose = async (label: string) => {
    const body = new URLSearchParams({ subscription, price: options.get(label) ?? '', action: 'change_plan' })
    const { status } = await fetch(url, { method: 'POST', body, redirect: 'manual' })
    expect(status).toBe(303)
  }
  return { options, choose }
}
