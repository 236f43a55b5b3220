import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { calm, failNext, LOST_ANSWER, stripeClient } from '../../test/billing.ts'
import { until } from '../../test/inbox.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'

const TEAM = { name: 'Team', priceCents: 2_500, billingPeriod: 'monthly', tier: 'pro' } as const
const NOBODY = '0199d3a0-0000-7000-8000-000000000000'

describe('plans', () => {
  let app: TestApp
  let api: TollgateClient['api']
  let adminId: string
  beforeAll(async () => {
    app = await createTestApp()
    const admin = await app.aUser({ isAdmin: true })
    adminId = admin.id
    api = (await app.as(admin)).api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  const atStripe = async (planId: string) => {
    const stripe = stripeClient(app)
    const [product] = (await stripe.products.list({ ids: [`plan_${planId}`] })).data
    const prices = product ? (await stripe.prices.list({ product: product.id, limit: 100 })).data : []
    return {
      product,
      offered: prices
        .filter(({ active }) => active)
        .map(({ unit_amount, currency, recurring }) => [unit_amount, currency, recurring?.interval]),
      prices,
    }
  }
  /** What a crash leaves: Stripe has made them, and we have not written it down. */
  const forget = async (planId: string) => {
    const { em } = app.scope()
    await em.execute('update plans set provider_product_id = null where id = ?', [planId])
    await em.execute('update plan_prices set provider_price_id = null where plan_id = ?', [planId])
  }
  const auditOf = (id: string) =>
    app
      .scope()
      .em.execute<
        { action: string; before: object; after: object; actor_id: string; ip: string; request_id: string }[]
      >('select * from audit_entries where target_id = ? order by id', [id])

  test('that an admin adds are on offer here and at Stripe, with a trail', async () => {
    const plan = await api.billing.plans.create.mutate({ code: 'team', ...TEAM, trialDays: 14 })
    expect(plan).toMatchObject({ code: 'team', ...TEAM, currency: 'usd', trialDays: 14, isActive: true })
    expect(await api.billing.plans.list.query()).toContainEqual(plan)

    const { product, offered } = await atStripe(plan.id)
    expect(product).toMatchObject({ name: 'Team', active: true, metadata: { plan_code: 'team' } })
    expect(offered).toEqual([[2_500, 'usd', 'month']])
    expect(await auditOf(plan.id)).toMatchObject([
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
    expect((await atStripe(plan.id)).offered).toEqual([[30_000, 'jpy', 'year']])
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

  test('created with one code by six admins at once give one plan and five refusals', async () => {
    const create = (priceCents: number) => api.billing.plans.create.mutate({ code: 'rush', ...TEAM, priceCents })
    const outcomes = await Promise.allSettled([100, 100, 100, 200, 200, 300].map(create))
    const [made, ...more] = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(more).toEqual([])
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    for (const refusal of refusals) expect(refusal).toMatchObject(PLAN_CODE_TAKEN)

    await until('Stripe to sell what we sell', async () => {
      const { offered } = await atStripe(made?.id ?? '')
      return JSON.stringify(offered) === JSON.stringify([[made?.priceCents, 'usd', 'month']])
    })
    expect(await auditOf(made?.id ?? '')).toHaveLength(1)
  })

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
      api.billing.plans.get.query({ id }),
      api.billing.plans.update.mutate({ id, name: 'X' }),
      api.billing.plans.delete.mutate({ id }),
    ]) {
      await expect(use).rejects.toMatchObject(PLAN_NOT_FOUND)
    }

    const plan = await api.billing.plans.create.mutate({ code: 'later', ...TEAM, name: 'Later', priceCents: 900 })
    expect(plan).toMatchObject({ id, name: 'Later', priceCents: 900, isActive: true })
    const { product, offered } = await atStripe(id)
    expect(product?.name).toBe('Later')
    expect(offered).toEqual([[900, 'usd', 'month']])
  })

  test('whose making was cut short are finished by a repeat, with one product and one price', async () => {
    const create = () => api.billing.plans.create.mutate({ code: 'cut', ...TEAM })
    const { id } = await create()
    await forget(id)
    await app.scope().em.execute("update plans set status = 'draft' where id = ?", [id])
    expect((await create()).id).toBe(id)
    const { prices, offered } = await atStripe(id)
    expect(prices).toHaveLength(1)
    expect(offered).toHaveLength(1)
  })

  test('find their product and price again after Stripe has forgotten the keys of that day', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'slow', ...TEAM })
    const { prices } = await atStripe(id)
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
    expect((await atStripe(id)).prices).toHaveLength(prices.length + 1)
  })

  test('get a new price at Stripe only if amount, currency or period change, and the old one is archived', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'grows', ...TEAM })
    await api.billing.plans.update.mutate({ id, name: 'Grown', tier: 'vip', trialDays: 3 })
    const renamed = await atStripe(id)
    expect(renamed.product?.name).toBe('Grown')
    expect(renamed.prices).toHaveLength(1)

    const changed = await api.billing.plans.update.mutate({ id, priceCents: 3_000 })
    expect(changed).toMatchObject({ name: 'Grown', tier: 'vip', trialDays: 3, priceCents: 3_000 })
    await api.billing.plans.update.mutate({ id, billingPeriod: 'yearly' })
    await api.billing.plans.update.mutate({ id, currency: 'eur' })
    await api.billing.plans.update.mutate({ id, currency: 'eur', priceCents: 3_000 })
    const { prices, offered } = await atStripe(id)
    expect(offered).toEqual([[3_000, 'eur', 'year']])
    expect(prices).toHaveLength(4)
    expect(await auditOf(id)).toMatchObject([
      { action: 'plan.create' },
      { action: 'plan.update', before: { name: 'Team', tier: 'pro' }, after: { name: 'Grown', tier: 'vip' } },
      { action: 'plan.update', before: { priceCents: 2_500 }, after: { priceCents: 3_000 } },
      { action: 'plan.update' },
      { action: 'plan.update' },
      { action: 'plan.update' },
    ])
  })

  test('changed by two admins at once end with both changes and one price on offer', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'tug', ...TEAM })
    await Promise.all([
      api.billing.plans.update.mutate({ id, priceCents: 7_000 }),
      api.billing.plans.update.mutate({ id, billingPeriod: 'yearly' }),
    ])
    expect(await api.billing.plans.get.query({ id })).toMatchObject({ priceCents: 7_000, billingPeriod: 'yearly' })
    await until(
      'one price on offer',
      async () => JSON.stringify((await atStripe(id)).offered) === '[[7000,"usd","year"]]',
    )
  })

  test('stay as they are when Stripe fails in the middle of a change, and a repeat finishes it', async () => {
    const before = await api.billing.plans.create.mutate({ code: 'stuck', ...TEAM })
    const change = () => api.billing.plans.update.mutate({ id: before.id, priceCents: 9_900, name: 'Stuck no more' })
    await failNext(app)
    await expect(change()).rejects.toMatchObject(PROVIDER_ERROR)
    await calm(app)
    expect(await api.billing.plans.get.query({ id: before.id })).toEqual(before)
    await change()
    const { product, prices, offered } = await atStripe(before.id)
    expect(product?.name).toBe('Stuck no more')
    expect(offered).toEqual([[9_900, 'usd', 'month']])
    expect(prices).toHaveLength(2)
  })

  test('whose change was cut short are changed by a repeat, with one new price', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'snap', ...TEAM })
    const raise = () => api.billing.plans.update.mutate({ id, priceCents: 12_000 })
    await raise()
    const { em } = app.scope()
    await em.execute('delete from plan_prices where plan_id = ? and archived_at is null', [id])
    await em.execute('update plan_prices set archived_at = null where plan_id = ?', [id])
    await em.execute('update plans set price_cents = 2500 where id = ?', [id])
    await raise()
    const { prices, offered } = await atStripe(id)
    expect(offered).toEqual([[12_000, 'usd', 'month']])
    expect(prices).toHaveLength(2)
  })

  test('are changed although Stripe does not say that it has done its part', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'mute', ...TEAM })
    await failNext(app, LOST_ANSWER)
    await api.billing.plans.update.mutate({ id, priceCents: 5_000 })
    await calm(app)
    await until(
      'Stripe to sell what we sell',
      async () => JSON.stringify((await atStripe(id)).offered) === '[[5000,"usd","month"]]',
    )
    expect((await atStripe(id)).prices).toHaveLength(2)
  }, 20_000)

  test('that are retired are gone for buyers at once, kept for those who look them up, and archived at Stripe', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'old-one', ...TEAM })
    expect(await api.billing.plans.delete.mutate({ id })).toMatchObject({ id, isActive: false })
    expect((await api.billing.plans.list.query()).map(({ code }) => code)).not.toContain('old-one')
    expect(await api.billing.plans.get.query({ id })).toMatchObject({ isActive: false })
    const { product, offered } = await atStripe(id)
    expect(product?.active).toBe(false)
    expect(offered).toEqual([])
    await expect(api.billing.plans.delete.mutate({ id })).rejects.toMatchObject(PLAN_INACTIVE)
    await expect(api.billing.plans.update.mutate({ id, name: 'Again' })).rejects.toMatchObject(PLAN_INACTIVE)
    expect(await auditOf(id)).toMatchObject([
      { action: 'plan.create' },
      { action: 'plan.delete', before: { isActive: true }, after: { isActive: false } },
    ])
  })

  test('that are retired while Stripe is down are archived there by the job', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'down-under', ...TEAM })
    await failNext(app)
    expect(await api.billing.plans.delete.mutate({ id })).toMatchObject({ isActive: false })
    await calm(app)
    await until('Stripe to hear of it', async () => (await atStripe(id)).product?.active === false)
    expect((await atStripe(id)).offered).toEqual([])
  }, 20_000)

  test('that are not there can not be read, changed or retired', async () => {
    for (const use of [
      api.billing.plans.get.query({ id: NOBODY }),
      api.billing.plans.update.mutate({ id: NOBODY, name: 'X' }),
      api.billing.plans.delete.mutate({ id: NOBODY }),
    ]) {
      await expect(use).rejects.toMatchObject(PLAN_NOT_FOUND)
    }
  })

  test('are for admins to change', async () => {
    const user = (await app.as(await app.aUser())).api
    for (const use of [
      user.billing.plans.create.mutate({ code: 'mine', ...TEAM }),
      user.billing.plans.update.mutate({ id: NOBODY, priceCents: 0 }),
      user.billing.plans.delete.mutate({ id: NOBODY }),
    ]) {
      await expect(use).rejects.toMatchObject({ data: { code: 'FORBIDDEN', reason: 'ADMIN_ONLY' } })
    }
  })

  test('of the seed get their product and price once, however many want them first at once', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, async () => (await app.as(await app.aUser())).api))
    await Promise.all(clients.map((each) => each.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })))
    const plan = (await api.billing.plans.list.query()).find(({ code }) => code === 'pro')
    expect((await atStripe(plan?.id ?? '')).prices).toHaveLength(1)
    const products = (await stripeClient(app).products.list({ limit: 100 })).data
    expect(products.filter(({ name }) => name === 'Pro')).toHaveLength(1)
  })
})

const PLAN_CODE_TAKEN = { data: { code: 'CONFLICT', reason: 'PLAN_CODE_TAKEN' } }
const PLAN_INACTIVE = { data: { code: 'CONFLICT', reason: 'PLAN_INACTIVE' } }
const PLAN_NOT_FOUND = { data: { code: 'NOT_FOUND', reason: 'PLAN_NOT_FOUND' } }
const PROVIDER_ERROR = { data: { code: 'BAD_GATEWAY', reason: 'PAYMENT_PROVIDER_ERROR' } }
