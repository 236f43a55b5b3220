import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { calm, failNext, stripeClient } from '../../../test/billing.ts'
import { until } from '../../../test/inbox.ts'
import { anAdmin, auditOf, planAtStripe, TEAM } from '../../../test/plans.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('plans', () => {
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

  /** What a crash leaves: Stripe has made them, and we have not written it down. */
  const forget = async (planId: string) => {
    const { em } = app.scope()
    await em.execute('update plans set provider_product_id = null where id = ?', [planId])
    await em.execute('update plan_prices set provider_price_id = null where plan_id = ?', [planId])
  }

  test('that an admin adds are on offer here and at Stripe, with a trail', async () => {
    const plan = await api.billing.plans.create.mutate({ code: 'team', ...TEAM, trialDays: 14 })
    expect(plan).toMatchObject({ code: 'team', ...TEAM, currency: 'usd', trialDays: 14, isActive: true })
    expect(await api.billing.plans.list.query()).toContainEqual(plan)

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

  test('of a yearly period and a currency without hundredths are sold as such', async () => {
    const plan = await api.billing.plans.create.mutate({
      code: 'nen',
      ...TEAM,
      billingPeriod: 'yearly',
      currency: 'jpy',
      priceCents: 30_000,
    })
    expect((await planAtStripe(app, plan.id)).offered).toEqual([[30_000, 'jpy', 'year']])
  })

  test('have a code that is taken for ever, also by a retired one', async () => {
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
  ])('with a bad %s are refused', async (field, wrong) => {
    await expect(api.billing.plans.create.mutate({ code: 'bad-one', ...TEAM, ...wrong })).rejects.toMatchObject({
      data: { code: 'BAD_REQUEST', reason: 'INVALID_INPUT', fieldErrors: { [field]: expect.any(String) } },
    })
  })

  test.each([1, 2, 3, 4, 5])(
    'created with one code by fourteen admins at once give one plan (round %i)',
    async (round) => {
      const create = (priceCents: number) =>
        api.billing.plans.create.mutate({ code: `rush-${round}`, ...TEAM, priceCents })
      // Equal terms among different ones: each takes up the draft of whoever came before, or throws away what he made.
      const prices = [100, 200, 100, 300, 200, 400, 100, 500, 600, 200, 100, 300, 700, 800]
      const outcomes = await Promise.allSettled(prices.map(create))
      const [made, ...more] = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      expect(more).toEqual([])
      const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
      for (const refusal of refusals) expect(refusal).toMatchObject(PLAN_CODE_TAKEN)

      await until('Stripe to sell what we sell', async () => {
        const { offered } = await planAtStripe(app, made?.id ?? '')
        return JSON.stringify(offered) === JSON.stringify([[made?.priceCents, 'usd', 'month']])
      })
      expect(await auditOf(app, made?.id ?? '')).toHaveLength(1)
    },
  )

  test('while Stripe is down stay drafts that nobody sees, and a repeat finishes them, also with other terms', async () => {
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

  test('whose making was cut short are finished by a repeat, with one product and one price', async () => {
    const create = () => api.billing.plans.create.mutate({ code: 'cut', ...TEAM })
    const { id } = await create()
    await forget(id)
    await app.scope().em.execute("update plans set status = 'draft' where id = ?", [id])
    expect((await create()).id).toBe(id)
    const { prices, offered } = await planAtStripe(app, id)
    expect(prices).toHaveLength(1)
    expect(offered).toHaveLength(1)
  })

  test('find their product and price again after Stripe has forgotten the keys of that day', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'slow', ...TEAM })
    const { prices } = await planAtStripe(app, id)
    const { provider } = app.deps.billing
    const name = 'Another name, as another key'
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
      productId: `plan_${id}`,
      priceCents: 1,
      currency: 'usd',
      billingPeriod: 'monthly',
    } as const
    expect(await provider.ensurePrice(again)).toBe(made.id)
    expect((await planAtStripe(app, id)).prices).toHaveLength(prices.length + 1)
  })

  test('of the seed get their product and price once, however many want them first at once', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, async () => (await app.as(await app.aUser())).api))
    await Promise.all(clients.map((each) => each.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })))
    const plan = (await api.billing.plans.list.query()).find(({ code }) => code === 'pro')
    expect((await planAtStripe(app, plan?.id ?? '')).prices).toHaveLength(1)
    const products = (await stripeClient(app).products.list({ limit: 100 })).data
    expect(products.filter(({ name }) => name === 'Pro')).toHaveLength(1)
  })
})

const PLAN_CODE_TAKEN = { data: { code: 'CONFLICT', reason: 'PLAN_CODE_TAKEN' } }
const PLAN_NOT_FOUND = { data: { code: 'NOT_FOUND', reason: 'PLAN_NOT_FOUND' } }
const PROVIDER_ERROR = { data: { code: 'BAD_GATEWAY', reason: 'PAYMENT_PROVIDER_ERROR' } }
