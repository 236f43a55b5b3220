import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf, UNKNOWN_ID } from '../../../test/admin.ts'
import { addFeatureStates, differenceOf, FEATURES, type TermsOfAccount } from '../../../test/feature-states.ts'
import { aPlan, TEAM } from '../../../test/plans.ts'
import { aGrant } from '../../../test/purchases.ts'
import { refusal } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'
import { runPrepared, runWithin } from '../../platform/database/prepared.ts'
import { DAY, HOUR } from '../../platform/durations.ts'
import { router } from '../../platform/rpc/trpc.ts'
import { PlanFeatures } from '../feature.schemas.ts'
import { createPlanProcedures } from '../plan-procedures.router.ts'
import { consume } from '../usage/consume.ts'
import { accessReason } from './access-sql.ts'
import { policyValues, selectFeatureTerms } from './feature-terms-sql.ts'
import { readManyEntitlements } from './read-many-entitlements.ts'
import { accessOfRow, type SubscriptionRow } from './subscription-row.ts'

describe('features', () => {
  let app: TestApp
  let admin: Awaited<ReturnType<typeof anAdmin>>
  let entered = 0
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

  test('are decided in SQL as they are elsewhere, in every state of a subscription', async () => {
    const end = "'2026-12-01T00:00:00Z'::timestamptz"
    const settings = { renewalLeeway: 2 * HOUR, pastDueGrace: 3 * DAY }
    const text = `select s.*, s.followed_at is not null as is_followed,
        ${accessReason({ now: 's.now', renewalLeeway: '7200', pastDueGrace: '259200' })} as reason
      from (
        select *, ${end} as current_period_end, ${end} + at::interval as now, ${end} + canceled::interval as cancel_at,
          ${end} + paused::interval as paused_from, ${end} + owing::interval as past_due_since,
          ${end} + followed::interval as followed_at
        from unnest('{active,trialing,past_due,unpaid,paused,pending,canceled}'::text[]) status,
          unnest('{stripe,paymob,manual}'::text[]) provider, unnest('{t,f}'::boolean[]) cancel_at_period_end,
          unnest('{-25h,-1h,-1ms,0h,30m,1h,2h,47h,3d}'::text[]) at, unnest('{null,-1d,0h,1h,1d}'::text[]) canceled,
          unnest('{null,0h}'::text[]) paused, unnest('{null,-1d}'::text[]) owing, unnest('{null,0h}'::text[]) followed
      ) s`
    const rows = await runPrepared<SubscriptionRow & { now: string; reason: string }>(
      ...([app.scope().em, { name: 'all-states', text }, []] as const),
    )
    expect(new Set(rows.map(({ reason }) => reason)).size).toBe(9)
    expect(rows).toHaveLength(7 * 3 * 2 * 9 * 5 * 8)
    const decided = (row: SubscriptionRow & { now: string }) => accessOfRow(row, new Date(row.now), { settings })
    expect(rows.filter((row) => row.reason !== decided(row).accessReason)).toEqual([])
  })

  test.each([1, 2, 3])(
    'are decided in SQL as in TypeScript, with window and price per unit (seed %i)',
    async (seed) => {
      const { id: base } = await aMember('team')
      const undone = new Error('undone')
      const comparing = app.scope().em.transactional(async (em) => {
        const { accountIds, billingNow } = await addFeatureStates(em, seed, base)
        const terms = selectFeatureTerms({
          ...{ accountId: 'wanted.id', feature: 'wanted.feature', now: '$3', renewalLeeway: '$4', pastDueGrace: '$5' },
        })
        const text = `select wanted.id, wanted.feature, terms.* from
        (select id, feature from unnest($1::uuid[]) id, unnest($2::text[]) feature) wanted, lateral (${terms}) terms`
        const values = [accountIds, FEATURES, billingNow, ...policyValues(app.scope().billing.settings)]
        const rows = await runWithin(em)<TermsOfAccount>({ name: 'seeded-terms', text }, values)
        const read = await readManyEntitlements({ ...app.scope(), em }, { accountIds, billingNow })
        expect(read.size).toBeLessThan(accountIds.length)
        expect(rows).toHaveLength(read.size * FEATURES.length)
        expect(rows.map((row) => differenceOf(row, read)).filter((each) => each !== null)).toEqual([])
        expect(rows.filter((row) => row.is_billed_above).length).toBeGreaterThan(5)
        expect(new Set(rows.map(({ plan_per: asked, per }) => `${asked} ${per}`)).size).toBe(5)
        throw undone
      })
      await expect(comparing).rejects.toBe(undone)
    },
  )

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

  test('keep the override that an operator made while another one still looked at the former', async () => {
    const { id: accountId } = await aMember()
    const { override, list, remove } = admin.api.admin.entitlements
    const stale = refusal('CONFLICT', 'REVISION_STALE')
    const terms = { accountId, feature: 'sso', value: true as const, reason: 'A gift' }
    const { revision } = await override.mutate({ ...terms, revision: null })
    await expect(override.mutate({ ...terms, value: false, revision: null })).rejects.toMatchObject(stale)
    const second = await override.mutate({ ...terms, reason: 'Promised by sales', revision })
    await expect(override.mutate({ ...terms, value: false, revision })).rejects.toMatchObject(stale)
    await expect(remove.mutate({ accountId, feature: 'sso', revision })).rejects.toMatchObject(stale)
    expect(await list.query({ accountId })).toEqual([second])
    await remove.mutate({ accountId, feature: 'sso', revision: second.revision })
    await expect(override.mutate({ ...terms, revision: second.revision })).rejects.toMatchObject(stale)
    expect(await list.query({ accountId })).toEqual([])
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

  test('are required by a guard, which counts nothing, and says what unlocks more', async () => {
    const [free, paying] = [await aMember(), await aMember('team')]
    const denied = (unlockedBy?: object) => ({ cause: { reason: 'FEATURE_REQUIRED', code: 'FORBIDDEN', unlockedBy } })
    for (const call of [1, 2, 3]) expect(await guarded(free, 'ai.tokens')).toBe(`in, ${call}`)
    await consume(app.scope(), { id: free.id, feature: 'ai.tokens', amount: 9, key: 'most' })
    expect(await guarded(free, 'ai.tokens')).toBe('in, 4')
    await consume(app.scope(), { id: free.id, feature: 'ai.tokens', amount: 1, key: 'last' })
    await expect(guarded(free, 'ai.tokens')).rejects.toMatchObject(denied({ planCode: 'team' }))
    await expect(guarded(free, 'sso')).rejects.toMatchObject(denied({ planCode: 'team' }))
    expect(await guarded(paying, 'sso')).toBe('in, 5')
    expect((await free.api.billing.entitlements.query()).features['ai.tokens']?.used).toBe(10)

    const { override } = admin.api.admin.entitlements
    await override.mutate({ accountId: paying.id, feature: 'sso', value: false, reason: 'Misuse' })
    await expect(guarded(paying, 'sso')).rejects.toMatchObject(denied(undefined))
    await override.mutate({ accountId: paying.id, feature: 'beta', value: true, reason: 'A friend' })
    expect(await guarded(paying, 'beta')).toBe('in, 6')
    await expect(guarded(free, 'beta')).rejects.toMatchObject(denied(undefined))
    await expect(guarded(paying, 'ss0')).rejects.toMatchObject({ cause: { reason: 'FEATURE_NOT_FOUND' } })
  })

  test('and tiers that are missing name the cheapest plan with them, and none if there is none', async () => {
    const { api } = await aMember()
    await expect(api.billing.payments.export.query()).rejects.toMatchObject({
      data: { code: 'FORBIDDEN', reason: 'PLAN_REQUIRED', unlockedBy: { planCode: 'team' } },
    })
    const onSale = "tier in ('pro', 'vip') and status = 'active'"
    await app.scope().em.execute(`update plans set status = 'retired' where ${onSale}`)
    const error: unknown = await api.billing.payments.export.query().catch((thrown: unknown) => thrown)
    await app.scope().em.execute("update plans set status = 'active' where status = 'retired'")
    expect(error).toMatchObject(refusal('FORBIDDEN', 'PLAN_REQUIRED'))
    expect(error).not.toHaveProperty('data.unlockedBy')
  })

  /** Calls a procedure that only who may use the feature comes into. @returns how many have. */
  async function guarded(user: Pick<TestUser, 'id' | 'email' | 'username'>, feature: string): Promise<string> {
    const { id, email, username } = user
    const known = {
      isVerified: true,
      isActive: true,
      isAdmin: false,
      provider: 'local',
      publicData: {},
      createdAt: new Date(),
    } as const
    const { limits } = app.deps.auth
    const called = createPlanProcedures(app.deps)
      .feature(feature, 'see')
      .query(() => `in, ${++entered}`)
    return router({ called })
      .createCaller({
        ...{ ...app.scope(), limits, metrics: app.deps.metrics, cookies: { received: [], set: () => undefined } },
        request: {
          ...{ id: 'a', ip: '::1', userAgent: '', authorization: '', expectedUser: undefined, originAllowed: true },
          ...{ transport: undefined, isFromBrowser: false },
        },
        authenticate: async () => ({ sessionId: id, user: { id, email, username, ...known } }),
        authenticateService: () => Promise.reject(new Error('No service calls.')),
      })
      .called()
  }

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
