import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { firstOf } from '../../../test/long.ts'
import { planAtStripe, TEAM } from '../../../test/plans.ts'
import { refusal } from '../../../test/rejection.ts'
import { calm, failNext, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('creating a plan', () => {
  let app: TestApp
  let api: TollgateClient['api']
  let adminId: string
  beforeAll(async () => {
    app = await createTestApp()
    const admin = await anAdmin(app)
    adminId = admin.id
    api = admin.api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  /** The state after a crash: the objects exist at Stripe, but our rows do not know their ids. */
  const forgetStripeIds = async (planId: string) => {
    const { em } = app.scope()
    await em.execute('update plans set provider_product_id = null where id = ?', [planId])
    await em.execute('update plan_prices set provider_price_id = null where plan_id = ?', [planId])
  }

  test('puts it on sale here and at Stripe, with an audit entry', async () => {
    const plan = await api.billing.plans.create.mutate({ code: 'team', ...TEAM, trialDays: 14 })
    expect(plan).toMatchObject({ code: 'team', ...TEAM, currency: 'usd', trialDays: 14, isActive: true })
    const { revision: _, ...listed } = plan
    expect(await api.billing.plans.list.query()).toContainEqual(listed)

    const { product, offered } = await planAtStripe(app, plan.id)
    expect(product).toMatchObject({ name: 'Team', active: true, metadata: { plan_code: 'team' } })
    expect(offered).toEqual([[2_500, 'usd', 'month']])
    expect(await auditOf(app, plan.id)).toMatchObject([
      {
        action: 'plan.create',
        actor_id: adminId,
        before: null,
        after: { code: 'team' },
        ip: expect.stringMatching(/\d/),
        request_id: expect.stringMatching(/^[\da-f-]{36}$/),
      },
    ])
  })

  test.each([
    ['isk', 100],
    ['ugx', 100],
    ['kwd', 10],
  ])('in %s accepts only prices that the currency has: multiples of %i', async (currency, step) => {
    const terms = { ...TEAM, code: `in-${currency}`, currency }
    const refused = {
      data: { reason: 'INVALID_INPUT', fieldErrors: { priceCents: `must be a multiple of ${step} in ${currency}` } },
    }
    await expect(api.billing.plans.create.mutate({ ...terms, priceCents: 5_005 })).rejects.toMatchObject(refused)
    const { id } = await api.billing.plans.create.mutate({ ...terms, priceCents: 5_000 })
    await expect(api.billing.plans.update.mutate({ id, priceCents: 5_005 })).rejects.toMatchObject(refused)
    expect((await api.billing.plans.update.mutate({ id, priceCents: 6_000 })).priceCents).toBe(6_000)
  })

  test('says nothing on a pricing page until it is told what, and where', async () => {
    const nothing = { description: null, sortOrder: 0, highlighted: false }
    expect(await api.billing.plans.create.mutate({ code: 'silent', ...TEAM })).toMatchObject(nothing)
    const words = { description: 'For teams.\nCancel at any time.', sortOrder: 5, highlighted: true }
    const spoken = await api.billing.plans.create.mutate({ code: 'spoken', ...TEAM, ...words })
    expect(spoken).toMatchObject(words)
    expect(await auditOf(app, spoken.id)).toMatchObject([{ after: words }])
    const blank = await api.billing.plans.create.mutate({ code: 'blank', ...TEAM, description: '  ' })
    expect(blank.description).toBeNull()
  })

  test('accepts a yearly period and a currency without hundredths', async () => {
    const plan = await api.billing.plans.create.mutate({
      code: 'nen',
      ...TEAM,
      billingPeriod: 'yearly',
      currency: 'jpy',
      priceCents: 30_000,
    })
    expect((await planAtStripe(app, plan.id)).offered).toEqual([[30_000, 'jpy', 'year']])
  })

  test('is refused with a code that is taken, even by a retired plan', async () => {
    const plan = await api.billing.plans.create.mutate({ code: 'once', ...TEAM })
    await expect(api.billing.plans.create.mutate({ code: 'once', ...TEAM })).rejects.toMatchObject(PLAN_CODE_TAKEN)
    await api.billing.plans.delete.mutate({ id: plan.id })
    await expect(api.billing.plans.create.mutate({ code: 'once', ...TEAM })).rejects.toMatchObject(PLAN_CODE_TAKEN)
  })

  test.each([
    ['code', { code: 'No Spaces' }],
    ['name', { name: '' }],
    ['name', { name: 'x'.repeat(101) }],
    ['name', { name: 'a\u0000b' }],
    ['priceCents', { priceCents: -1 }],
    ['priceCents', { priceCents: 100_000_000 }],
    ['currency', { currency: 'USD' }],
    ['currency', { currency: 'zzz' }],
    ['trialDays', { trialDays: 731 }],
    ['description', { description: 'x'.repeat(501) }],
    ['description', { description: 'a\u0000b' }],
    ['sortOrder', { sortOrder: -1 }],
    ['sortOrder', { sortOrder: 1.5 }],
  ])('is refused with a bad %s', async (field, wrong) => {
    await expect(api.billing.plans.create.mutate({ code: 'bad-one', ...TEAM, ...wrong })).rejects.toMatchObject({
      data: { code: 'BAD_REQUEST', reason: 'INVALID_INPUT', fieldErrors: { [field]: expect.any(String) } },
    })
  })

  test.each(firstOf(1, [1, 2, 3, 4, 5]))(
    'creates one plan when fourteen admins use the same code at once (round %i)',
    async (round) => {
      const create = (priceCents: number) =>
        api.billing.plans.create.mutate({ code: `rush-${round}`, ...TEAM, priceCents })
      // Some terms are equal, some differ: each call continues the draft of an earlier one, or replaces its price.
      const prices = [100, 200, 100, 300, 200, 400, 100, 500, 600, 200, 100, 300, 700, 800]
      const outcomes = await Promise.allSettled(prices.map(create))
      const [made, ...more] = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      expect(more).toEqual([])
      const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
      for (const refusal of refusals) expect(refusal).toMatchObject(PLAN_CODE_TAKEN)

      await until('Stripe to sell at our price', async () => {
        const { offered } = await planAtStripe(app, made?.id ?? '')
        return JSON.stringify(offered) === JSON.stringify([[made?.priceCents, 'usd', 'month']])
      })
      expect(await auditOf(app, made?.id ?? '')).toHaveLength(1)
    },
  )

  test('leaves an invisible draft while Stripe is down, and a repeat with other terms finishes it', async () => {
    await failNext(app)
    await expect(api.billing.plans.create.mutate({ code: 'later', ...TEAM })).rejects.toMatchObject(PROVIDER_ERROR)
    await calm(app)
    const [draft] = await app
      .scope()
      .em.execute<{ id: string; status: string }[]>("select * from plans where code = 'later'")
    expect(draft?.status).toBe('draft')
    const { id = '' } = draft ?? {}
    expect((await api.billing.plans.list.query()).map(({ code }) => code)).not.toContain('later')
    for (const use of [
      () => api.billing.plans.get.query({ id }),
      () => api.billing.plans.update.mutate({ id, name: 'X' }),
      () => api.billing.plans.delete.mutate({ id }),
    ]) {
      await expect(use()).rejects.toMatchObject(PLAN_NOT_FOUND)
    }

    const plan = await api.billing.plans.create.mutate({ code: 'later', ...TEAM, name: 'Later', priceCents: 900 })
    expect(plan).toMatchObject({ id, name: 'Later', priceCents: 900, isActive: true })
    const { product, offered } = await planAtStripe(app, id)
    expect(product?.name).toBe('Later')
    expect(offered).toEqual([[900, 'usd', 'month']])
  })

  test('that was cut short is finished by a repeat, with one product and one price', async () => {
    const create = () => api.billing.plans.create.mutate({ code: 'cut', ...TEAM })
    const { id } = await create()
    await forgetStripeIds(id)
    await app.scope().em.execute("update plans set status = 'draft' where id = ?", [id])
    expect((await create()).id).toBe(id)
    const { prices, offered } = await planAtStripe(app, id)
    expect(prices).toHaveLength(1)
    expect(offered).toHaveLength(1)
  })

  test('finds its product and price again after Stripe has forgotten the idempotency keys', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'slow', ...TEAM })
    const { prices } = await planAtStripe(app, id)
    const provider = app.deps.billing.provider.withTimeBudget(10_000)
    const name = 'Another name, for another key'
    expect(await provider.ensureProduct({ planId: id, code: 'slow', name })).toBe(`plan_${id}`)
    const stripe = stripeClient(app)
    const made = await stripe.prices.create({
      ...{
        product: `plan_${id}`,
        lookup_key: 'that-day',
        currency: 'usd',
        unit_amount: 1,
        recurring: { interval: 'month' },
      },
    })
    const again = {
      key: 'that-day',
      planId: id,
      name,
      productId: `plan_${id}`,
      priceCents: 1,
      currency: 'usd',
      billingPeriod: 'monthly',
      seats: null,
    } as const
    expect(await provider.ensurePrice(again)).toBe(made.id)
    expect((await planAtStripe(app, id)).prices).toHaveLength(prices.length + 1)
  })

  test('of the seed creates its product and price once when eight users subscribe at the same time', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, async () => (await app.as(await app.aUser())).api))
    await Promise.all(clients.map((each) => each.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })))
    const plan = (await api.billing.plans.list.query()).find(({ code }) => code === 'pro')
    expect((await planAtStripe(app, plan?.id ?? '')).prices).toHaveLength(1)
    const products = (await stripeClient(app).products.list({ limit: 100 })).data
    expect(products.filter(({ name }) => name === 'Pro')).toHaveLength(1)
  })
})

const PLAN_CODE_TAKEN = refusal('CONFLICT', 'PLAN_CODE_TAKEN')
const PLAN_NOT_FOUND = refusal('NOT_FOUND', 'PLAN_NOT_FOUND')
const PROVIDER_ERROR = refusal('BAD_GATEWAY', 'PAYMENT_PROVIDER_ERROR')
