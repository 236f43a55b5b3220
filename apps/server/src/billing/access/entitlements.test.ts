import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf, UNKNOWN_ID } from '../../../test/admin.ts'
import { aPlan, TEAM } from '../../../test/plans.ts'
import { aGrant } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { PlanFeatures } from '../feature.schemas.ts'

const DAY = 86_400_000

describe('features', () => {
  let app: TestApp
  let admin: Awaited<ReturnType<typeof anAdmin>>
  beforeAll(async () => {
    app = await createTestApp({}, { worker: false })
    admin = await anAdmin(app)
    await app
      .scope()
      .em.execute("update plans set features = ? where code = 'free'", [
        { 'ai.tokens': { limit: 10, per: 'period' }, projects: { limit: 1, per: 'total' } },
      ])
    await aPlan(app, {
      code: 'team',
      features: { 'ai.tokens': { limit: 1_000, per: 'period' }, projects: { limit: null, per: 'total' }, sso: true },
    })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const aMember = async (planCode?: string) => {
    const user = await app.aUser()
    if (planCode) await aGrant(app, user, planCode)
    return { ...user, api: (await app.as(user)).api }
  }

  test("are the plan's with access, and the free plan's without", async () => {
    const { id, api } = await aMember('team')
    const { currentPeriodEnd } = (await api.billing.subscriptions.current.query()) ?? {}
    const entitlements = await api.billing.entitlements.query()
    expect(entitlements).toMatchObject({ tier: 'pro', planCode: 'team', until: currentPeriodEnd })
    expect(entitlements.features).toEqual({
      'ai.tokens': { allowed: true, limit: 1_000, used: 0, remaining: 1_000, resetsAt: currentPeriodEnd },
      projects: { allowed: true, limit: null, used: 0, remaining: null, resetsAt: null },
      sso: { allowed: true, limit: null, used: 0, remaining: null, resetsAt: null },
    })

    await app.scope().em.execute("update subscriptions set status = 'unpaid' where account_id = ?", [id])
    const nextMonth = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1))
    expect(await api.billing.entitlements.query()).toEqual({
      ...{ tier: 'free', planCode: null, until: null },
      features: {
        'ai.tokens': { allowed: true, limit: 10, used: 0, remaining: 10, resetsAt: nextMonth },
        projects: { allowed: true, limit: 1, used: 0, remaining: 1, resetsAt: null },
        sso: { allowed: false, limit: 0, used: 0, remaining: 0, resetsAt: null },
      },
    })
  })

  test('of an organization are for its members only', async () => {
    const owner = await aMember()
    const { id: accountId } = await owner.api.accounts.create.mutate({ name: 'Acme' })
    expect((await owner.api.billing.entitlements.query({ accountId })).features.sso?.allowed).toBe(false)
    const stranger = await aMember()
    await expect(stranger.api.billing.entitlements.query({ accountId })).rejects.toMatchObject(
      refusal('NOT_FOUND', 'ACCOUNT_NOT_FOUND'),
    )
  })

  test("can be overridden for an account until a day, whatever the plan says, with the operator's reason", async () => {
    const { id: accountId, api } = await aMember('team')
    const { override, list, remove } = admin.api.admin.entitlements
    const until = new Date(Date.now() + DAY)
    const reason = 'Promised by sales'
    await override.mutate({ accountId, feature: 'sso', value: false, reason })
    const more = { accountId, feature: 'ai.tokens', value: { limit: 5_000, per: 'day' as const }, until, reason }
    expect(await override.mutate(more)).toMatchObject({ ...more, isCurrent: true })
    const special = await override.mutate({ accountId, feature: 'early-access', value: true, reason })

    const { features } = await api.billing.entitlements.query()
    expect(features.sso).toMatchObject({ allowed: false, limit: 0 })
    expect(features['ai.tokens']).toMatchObject({ allowed: true, limit: 5_000, resetsAt: expect.any(Date) })
    expect(features['early-access']).toMatchObject({ allowed: true, limit: null })
    expect((await list.query({ accountId })).map(({ feature }) => feature)).toEqual([
      ...['ai.tokens', 'early-access', 'sso'],
    ])
    expect((await (await aMember()).api.billing.entitlements.query()).features).not.toHaveProperty('early-access')

    await app.scope().em.execute("update entitlement_overrides set until = '2020-01-01' where feature = 'ai.tokens'")
    expect((await api.billing.entitlements.query()).features['ai.tokens']?.limit).toBe(1_000)
    expect((await list.query({ accountId }))[0]).toMatchObject({ feature: 'ai.tokens', isCurrent: false })

    await remove.mutate({ accountId, feature: 'early-access' })
    expect((await api.billing.entitlements.query()).features).not.toHaveProperty('early-access')
    await expect(remove.mutate({ accountId, feature: 'early-access' })).rejects.toMatchObject(
      refusal('NOT_FOUND', 'OVERRIDE_NOT_FOUND'),
    )
    expect(await auditOf(app, accountId)).toMatchObject([
      { action: 'entitlement.override', actor_id: admin.id, before: null, after: { feature: 'sso', value: false } },
      { action: 'entitlement.override', after: { feature: 'ai.tokens', reason } },
      { action: 'entitlement.override', after: { feature: 'early-access' } },
      { action: 'entitlement.remove_override', before: { id: special.id, value: true }, after: null },
    ])
  })

  test('are not overridden for an unknown account, in the past, or by someone who is no admin', async () => {
    const { id: accountId, api } = await aMember()
    const terms = { accountId, feature: 'sso', value: true as const, reason: 'A gift' }
    const { override } = admin.api.admin.entitlements
    await expect(override.mutate({ ...terms, accountId: UNKNOWN_ID })).rejects.toMatchObject(
      refusal('NOT_FOUND', 'ACCOUNT_NOT_FOUND'),
    )
    await expect(override.mutate({ ...terms, until: new Date(Date.now() - DAY) })).rejects.toMatchObject({
      data: { reason: 'INVALID_INPUT', fieldErrors: { until: 'must be in the future' } },
    })
    await expect(api.admin.entitlements.override.mutate(terms)).rejects.toMatchObject(
      refusal('FORBIDDEN', 'ADMIN_ONLY'),
    )
    expect(await admin.api.admin.entitlements.list.query({ accountId })).toEqual([])
  })

  test('are part of a plan, its preview, and its audit entry', async () => {
    const { billing, admin: operators } = admin.api
    const features = { seats: { limit: 5, per: 'total' as const }, exports: true as const }
    const plan = await billing.plans.create.mutate({ code: 'crew', ...TEAM, features })
    expect(plan.features).toEqual(features)
    expect((await billing.plans.create.mutate({ code: 'crew-2', ...TEAM })).features).toEqual({})

    const fewer = { exports: { limit: 3, per: 'month' as const } }
    const preview = await operators.plans.previewUpdate.query({ id: plan.id, features: fewer })
    expect(preview).toMatchObject({ isNewFeatures: true, isNewPrice: false })
    expect(preview.after.features).toEqual(fewer)
    expect((await billing.plans.update.mutate({ id: plan.id, features: fewer })).features).toEqual(fewer)
    expect((await billing.plans.update.mutate({ id: plan.id, sortOrder: 9 })).features).toEqual(fewer)
    expect(await auditOf(app, plan.id)).toMatchObject([
      { after: { features } },
      { action: 'plan.update', before: { features }, after: { features: fewer } },
      {},
    ])
  })

  test.each([
    ['features.No Spaces', { 'No Spaces': true }],
    ['features.sso', { sso: false }],
    ['features.sso.limit', { sso: { limit: -1, per: 'day' } }],
    ['features.sso.limit', { sso: { limit: 2 ** 53, per: 'day' } }],
    ['features.sso', { sso: { limit: 1, per: 'week' } }],
  ])('of a plan are refused by the name %s', async (field, features) => {
    const terms = { code: 'refused', ...TEAM, features }
    const refused = admin.api.billing.plans.create.mutate(
      terms as Parameters<typeof admin.api.billing.plans.create.mutate>[0],
    )
    await expect(refused).rejects.toMatchObject({
      data: { reason: 'INVALID_INPUT', fieldErrors: { [field]: expect.any(String) } },
    })
  })
})

test('no feature has a name that every object has by itself', () => {
  const isRefused = (name: string) => !PlanFeatures.safeParse({ [name]: true }).success
  expect(['constructor', 'prototype'].filter(isRefused)).toEqual(['constructor', 'prototype'])
  expect(PlanFeatures.safeParse(JSON.parse('{ "__proto__": true, "sso": true }')).data).not.toHaveProperty(
    '__proto__',
    true,
  )
})
