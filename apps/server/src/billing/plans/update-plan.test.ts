import { setTimeout as sleep } from 'node:timers/promises'
import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { longTest } from '../../../test/long.ts'
import { planAtStripe, TEAM } from '../../../test/plans.ts'
import { fieldErrorsOf, refusal } from '../../../test/rejection.ts'
import { calm, failNext, LOST_ANSWER, stripeClient } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { OPERATOR } from '../../platform/audit/audit.ts'
import { Busy } from '../../platform/limits/limits.errors.ts'
import { withTimeBudget } from '../billing-scope.ts'
import { convergeCatalogue } from './converge-catalogue.ts'
import { syncPlan } from './sync-plan.ts'
import { updatePlan } from './update-plan.ts'

const UNKNOWN_ID = '0199d3a0-0000-7000-8000-000000000000'

describe('changing a plan', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  test('creates a new price at Stripe only for a new amount, currency, or period, and archives the old one', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'grows', ...TEAM })
    await api.billing.plans.update.mutate({ id, name: 'Grown', tier: 'vip', trialDays: 3 })
    const renamed = await planAtStripe(app, id)
    expect(renamed.product?.name).toBe('Grown')
    expect(renamed.prices).toHaveLength(1)

    const changed = await api.billing.plans.update.mutate({ id, priceCents: 3_000 })
    expect(changed).toMatchObject({ name: 'Grown', tier: 'vip', trialDays: 3, priceCents: 3_000 })
    await api.billing.plans.update.mutate({ id, billingPeriod: 'yearly' })
    await api.billing.plans.update.mutate({ id, currency: 'eur' })
    await api.billing.plans.update.mutate({ id, currency: 'eur', priceCents: 3_000 })
    const { prices, offered } = await planAtStripe(app, id)
    expect(offered).toEqual([[3_000, 'eur', 'year']])
    expect(prices).toHaveLength(4)
    expect(await auditOf(app, id)).toMatchObject([
      { action: 'plan.create' },
      { action: 'plan.update', before: { name: 'Team', tier: 'pro' }, after: { name: 'Grown', tier: 'vip' } },
      { action: 'plan.update', before: { priceCents: 2_500 }, after: { priceCents: 3_000 } },
      { action: 'plan.update' },
      { action: 'plan.update' },
      { action: 'plan.update' },
    ])
  })

  test('says something else on the pricing page, at once and without Stripe', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'placed', ...TEAM, priceCents: 1 })
    const { id: dearer } = await api.billing.plans.create.mutate({ code: 'placed-first', ...TEAM, priceCents: 9_999 })
    await failNext(app)
    const words = { description: 'Better.', sortOrder: 9_001, highlighted: true }
    expect(await api.billing.plans.update.mutate({ id, ...words })).toMatchObject(words)
    await api.billing.plans.update.mutate({ id: dearer, sortOrder: 9_000 })
    expect((await api.billing.plans.list.query()).map((plan) => plan.id).slice(-2)).toEqual([dearer, id])
    expect(await api.billing.plans.update.mutate({ id, description: null })).toMatchObject({ description: null })
    expect((await auditOf(app, id))[1]).toMatchObject({ before: { description: null }, after: words })
  })

  test('leaves prices alone that were made in the dashboard, and archives our default price', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'mixed', ...TEAM })
    const stripe = stripeClient(app)
    const product = `plan_${id}`
    const [ours] = (await stripe.prices.list({ product })).data
    // As a price that we made before prices had metadata.
    await stripe.prices.update(ours?.id ?? '', { metadata: { plan_id: '' } })
    await stripe.products.update(product, { default_price: ours?.id ?? '' })
    const terms = { product, currency: 'usd', recurring: { interval: 'month' } } as const
    for (const unit_amount of [777, 888])
      await stripe.prices.create({ ...terms, unit_amount, lookup_key: `eur-${unit_amount}` })
    // What is left of an attempt that failed halfway: it has no row.
    await stripe.prices.create({ ...terms, unit_amount: 999, metadata: { plan_id: id } })

    await api.billing.plans.update.mutate({ id, name: 'Mixed' })
    const kept = [
      [2_500, 'usd', 'month'],
      [777, 'usd', 'month'],
      [888, 'usd', 'month'],
    ]
    expect((await planAtStripe(app, id)).offered.toSorted()).toEqual(kept)

    await api.billing.plans.update.mutate({ id, priceCents: 3_000 })
    const { offered, prices, product: raised } = await planAtStripe(app, id)
    expect(offered.toSorted()).toEqual([[3_000, 'usd', 'month'], ...kept.slice(1)])
    expect(prices.find(({ unit_amount }) => unit_amount === 3_000)?.id).toBe(raised?.default_price)

    // A retired plan has no other price that could become the default.
    await api.billing.plans.delete.mutate({ id })
    await syncPlan(withTimeBudget(app.scope()), { planId: id })
    const retired = await planAtStripe(app, id)
    expect(retired.product?.active).toBe(false)
    expect(retired.offered).toHaveLength(3)
  })

  test('keeps both changes of two admins who change it at once, with one price on sale', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'tug', ...TEAM })
    await Promise.all([
      api.billing.plans.update.mutate({ id, priceCents: 7_000 }),
      api.billing.plans.update.mutate({ id, billingPeriod: 'yearly' }),
    ])
    expect(await api.billing.plans.get.query({ id })).toMatchObject({ priceCents: 7_000, billingPeriod: 'yearly' })
    await until(
      'one price on offer',
      async () => JSON.stringify((await planAtStripe(app, id)).offered) === '[[7000,"usd","year"]]',
    )
  })

  test('refuses a change by someone who has not seen the last one, and changes nothing', async () => {
    const stale = refusal('CONFLICT', 'REVISION_STALE')
    const { update, delete: retire } = api.billing.plans
    const exports = { limit: 10, per: 'month' } as const
    const features = { sso: true, exports } as const
    const { id, revision } = await api.billing.plans.create.mutate({ code: 'edited-by-two', ...TEAM, features })
    // Whether it was just written or read, and whatever the order of its features.
    expect(await api.billing.plans.get.query({ id })).toMatchObject({ revision })
    const reordered = { exports: { per: 'month', limit: 10 }, sso: true } as const
    expect(await update.mutate({ id, features: reordered, revision })).toMatchObject({ revision })

    const first = await update.mutate({ id, features: { sso: true }, revision })
    expect(first.revision).not.toBe(revision)
    expect(await api.admin.plans.get.query({ id })).toMatchObject({ revision: first.revision })
    const late = { id, features, priceCents: 1, name: 'Late', revision }
    await expect(update.mutate(late)).rejects.toMatchObject(stale)
    await expect(api.admin.plans.previewUpdate.query(late)).rejects.toMatchObject(stale)
    await expect(retire.mutate({ id, revision })).rejects.toMatchObject(stale)
    expect(await api.billing.plans.get.query({ id })).toEqual(first)
    expect((await planAtStripe(app, id)).offered).toEqual([[TEAM.priceCents, 'usd', 'month']])

    const both = await Promise.allSettled(
      ['One', 'Other'].map((name) => update.mutate({ id, name, revision: first.revision })),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await update.mutate({ id, name: 'Without a revision' })
    const { revision: last } = await api.billing.plans.get.query({ id })
    expect(await retire.mutate({ id, revision: last })).toMatchObject({ isActive: false })
    const none = { revision: 'no revision' }
    expect(await fieldErrorsOf(update.mutate({ id, ...none }))).toHaveProperty('revision')
  })

  test('gives up when another change comes first every time', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'contested', ...TEAM })
    const { billing, ...scope } = withTimeBudget(app.scope())
    const { provider } = billing
    let others = 0
    const contested: typeof provider = {
      ...provider,
      async ensurePrice(price) {
        others += 1
        await api.billing.plans.update.mutate({ id, priceCents: 10_000 + others })
        return provider.ensurePrice(price)
      },
    }
    const contestedScope = { ...scope, billing: { ...billing, provider: contested } }
    await expect(updatePlan(contestedScope, OPERATOR, { id, priceCents: 100 })).rejects.toBeInstanceOf(Busy)
    expect(others).toBe(5)
    expect(await api.billing.plans.get.query({ id })).toMatchObject({ priceCents: 10_005 })
  })

  test('never ends with an overage in two currencies', async () => {
    const price = { billingPeriod: 'monthly', priceCents: 900 } as const
    const { id } = await api.billing.plans.create.mutate({ code: 'metered', name: 'Metered', ...price, tier: 'pro' })
    const prices = ['usd', 'eur'].map((currency) => ({ ...price, currency }))
    const features = { calls: { limit: 5, per: 'period', overage: { unitPriceCents: 2 } } }
    const change = (terms: object) => api.billing.plans.update.mutate({ id, ...terms })
    const both = await Promise.allSettled([change({ prices }), change({ features })])
    const data = { fieldErrors: { 'features.calls.overage': expect.any(String) } }
    expect(both.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { data } }])
  })

  test('keeps its new name although a job that read the old one writes it to Stripe late', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'renamed', ...TEAM })
    const { billing, ...scope } = withTimeBudget(app.scope())
    const { provider } = billing
    let converging = Promise.resolve()
    const late: typeof provider = {
      ...provider,
      async syncPlan(plan) {
        await sleep(500) // the update arrives meanwhile
        await provider.syncPlan(plan)
        converging = converge(app, id) // the event of what was just written
        await Promise.race([converging, sleep(500)])
      },
    }
    const job = syncPlan({ ...scope, billing: { ...billing, provider: late } }, { planId: id })
    await sleep(100)
    await api.billing.plans.update.mutate({ id, name: 'Renamed' })
    await Promise.all([job, converging])
    await converge(app, id)
    expect(await api.billing.plans.get.query({ id })).toMatchObject({ name: 'Renamed' })
    expect((await planAtStripe(app, id)).product?.name).toBe('Renamed')
  })

  test('changes nothing when Stripe fails halfway, and a repeat finishes the change', async () => {
    const before = await api.billing.plans.create.mutate({ code: 'stuck', ...TEAM })
    const change = () => api.billing.plans.update.mutate({ id: before.id, priceCents: 9_900, name: 'Stuck no more' })
    await failNext(app)
    await expect(change()).rejects.toMatchObject(PROVIDER_ERROR)
    await calm(app)
    expect(await api.billing.plans.get.query({ id: before.id })).toEqual(before)
    await change()
    const { product, prices, offered } = await planAtStripe(app, before.id)
    expect(product?.name).toBe('Stuck no more')
    expect(offered).toEqual([[9_900, 'usd', 'month']])
    expect(prices).toHaveLength(2)
  })

  test('that was cut short is finished by a repeat, with one new price', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'snap', ...TEAM })
    const raise = () => api.billing.plans.update.mutate({ id, priceCents: 12_000 })
    await raise()
    const { em } = app.scope()
    await em.execute('delete from plan_prices where plan_id = ? and archived_at is null', [id])
    await em.execute('update plan_prices set archived_at = null where plan_id = ?', [id])
    await em.execute('update plans set price_cents = 2500 where id = ?', [id])
    await raise()
    const { prices, offered } = await planAtStripe(app, id)
    expect(offered).toEqual([[12_000, 'usd', 'month']])
    expect(prices).toHaveLength(2)
  })

  longTest(
    'succeeds even if the answers of Stripe are lost',
    async () => {
      const { id } = await api.billing.plans.create.mutate({ code: 'mute', ...TEAM })
      await failNext(app, LOST_ANSWER)
      await api.billing.plans.update.mutate({ id, priceCents: 5_000 })
      await calm(app)
      await until(
        'Stripe to sell at our price',
        async () => JSON.stringify((await planAtStripe(app, id)).offered) === '[[5000,"usd","month"]]',
      )
      expect((await planAtStripe(app, id)).prices).toHaveLength(2)
    },
    20_000,
  )

  test('to retired removes it from the list at once, keeps it readable, and archives it at Stripe', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'old-one', ...TEAM })
    expect(await api.billing.plans.delete.mutate({ id })).toMatchObject({ id, isActive: false })
    expect((await api.billing.plans.list.query()).map(({ code }) => code)).not.toContain('old-one')
    expect(await api.billing.plans.get.query({ id })).toMatchObject({ isActive: false })
    const { product, offered } = await planAtStripe(app, id)
    expect(product?.active).toBe(false)
    expect(offered).toEqual([])
    await expect(api.billing.plans.delete.mutate({ id })).rejects.toMatchObject(PLAN_INACTIVE)
    await expect(api.billing.plans.update.mutate({ id, name: 'Again' })).rejects.toMatchObject(PLAN_INACTIVE)
    expect(await auditOf(app, id)).toMatchObject([
      { action: 'plan.create' },
      { action: 'plan.delete', before: { isActive: true }, after: { isActive: false } },
    ])
  })

  test('to retired while Stripe is down leaves archiving it there to the job', async () => {
    const { id } = await api.billing.plans.create.mutate({ code: 'down-under', ...TEAM })
    await failNext(app)
    expect(await api.billing.plans.delete.mutate({ id })).toMatchObject({ isActive: false })
    await calm(app)
    await until('Stripe to archive it', async () => (await planAtStripe(app, id)).product?.active === false)
    expect((await planAtStripe(app, id)).offered).toEqual([])
  }, 20_000)

  test('is refused for a plan that does not exist, as is reading or retiring it', async () => {
    for (const use of [
      () => api.billing.plans.get.query({ id: UNKNOWN_ID }),
      () => api.billing.plans.update.mutate({ id: UNKNOWN_ID, name: 'X' }),
      () => api.billing.plans.delete.mutate({ id: UNKNOWN_ID }),
    ])
      await expect(use()).rejects.toMatchObject(PLAN_NOT_FOUND)
  })

  test('is refused to everyone but admins, as is creating or retiring a plan', async () => {
    const user = (await app.as(await app.aUser())).api
    for (const use of [
      () => user.billing.plans.create.mutate({ code: 'mine', ...TEAM }),
      () => user.billing.plans.update.mutate({ id: UNKNOWN_ID, priceCents: 0 }),
      () => user.billing.plans.delete.mutate({ id: UNKNOWN_ID }),
    ])
      await expect(use()).rejects.toMatchObject(refusal('FORBIDDEN', 'ADMIN_ONLY'))
  })
})

/** Does what a product's event does. */
async function converge(app: TestApp, planId: string): Promise<void> {
  const scope = withTimeBudget(app.scope())
  await scope.em.transactional(async (em) =>
    convergeCatalogue({ ...scope, em }, { kind: 'product', id: `plan_${planId}` }),
  )
}

const PLAN_INACTIVE = refusal('CONFLICT', 'PLAN_INACTIVE')
const PLAN_NOT_FOUND = refusal('NOT_FOUND', 'PLAN_NOT_FOUND')
const PROVIDER_ERROR = refusal('BAD_GATEWAY', 'PAYMENT_PROVIDER_ERROR')
