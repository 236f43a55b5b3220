import { afterAll, beforeAll, expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { aMember, anOrganization } from '../../../test/organizations.ts'
import { aPlan } from '../../../test/plans.ts'
import { advance, eventsDone } from '../../../test/progress.ts'
import { aGrant, aPayingUser } from '../../../test/purchases.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { expectAllIsTold } from '../../../test/told-events.ts'
import { consume, setOverride } from '../../billing/index.ts'
import { OPERATOR } from '../../platform/audit/audit.ts'
import { DAY } from '../../platform/durations.ts'
import { followEarlierAccess } from './follow-earlier-access.ts'

let app: TestApp

beforeAll(async () => {
  app = await createTestApp()
  await aPlan(app, { code: 'team', features: { projects: { limit: 5, per: 'total' } } })
})
afterAll(async () => app[Symbol.asyncDispose]())

interface State {
  tier: string
  planCode: string | null
  features: Record<string, { limit: number | null }>
}

/** What the account was told to be allowed, event by event. */
async function toldOf(accountId: string): Promise<{ version: string; data: State }[]> {
  await app.deps.events.sequence()
  return app
    .scope()
    .em.execute(
      `select version, data from events where object_kind = 'entitlements' and object_id = ? and position is not null order by position`,
      [accountId],
    )
}

const plansOf = async (accountId: string) => (await toldOf(accountId)).map(({ data }) => data.planCode)
const limitsOf = async (accountId: string, feature: string) =>
  (await toldOf(accountId)).map(({ data }) => data.features[feature]?.limit ?? 0)

const override = (accountId: string, limit: number, until: Date | null = null) =>
  setOverride(app.scope(), OPERATOR, {
    ...{ accountId, feature: 'projects', value: { limit, per: 'total' as const }, until, reason: 'A test' },
  })

test('a purchase, an upgrade, a renewal and the end are told, and what is used is not', async () => {
  const { id } = await aPayingUser(app, 'pro')
  expect(await plansOf(id)).toEqual(['pro'])
  const { api } = await anAdmin(app)
  const { items } = await api.admin.subscriptions.list.query({ userId: id })
  await app.scope().em.execute('update plans set features = \'{"calls":{"limit":9,"per":"day"}}\' where code = \'pro\'')
  expect(await limitsOf(id, 'calls')).toEqual([0, 9])
  await consume(app.scope(), { id, feature: 'calls', amount: 2, key: 'once' })
  expect(await plansOf(id)).toEqual(['pro', 'pro'])

  await advance(app, { days: 32 })
  const renewed = await toldOf(id)
  expect(renewed.at(-1)).toMatchObject({ data: { planCode: 'pro' } })
  expect(renewed.length).toBeGreaterThan(2)
  await api.admin.subscriptions.cancel.mutate({ id: items[0]?.id ?? '', at: 'now' })
  await eventsDone(app)
  expect((await toldOf(id)).at(-1)).toMatchObject({ data: { id, tier: 'free', planCode: null } })
  await expectAllIsTold(app)
})

test('an override is told, and so is its end, which changes no row', async () => {
  const { id } = await app.aUser()
  const until = new Date(app.stripe.now().getTime() + 3 * DAY)
  await override(id, 7, until)
  expect(await limitsOf(id, 'projects')).toEqual([7])
  await app.deps.events.sequence()
  expect(await limitsOf(id, 'projects')).toEqual([7])
  await app.stripe.advance({ days: 4 })
  expect(await limitsOf(id, 'projects')).toEqual([7, 0])
  await override(id, 8)
  await app.scope().em.execute('delete from entitlement_overrides where account_id = ?', [id])
  expect(await limitsOf(id, 'projects')).toEqual([7, 0])
})

test('an end that was set before there were events is told, too', async () => {
  const [late, free] = [await app.aUser(), await app.aUser()]
  await aGrant(app, late, 'team')
  const { em } = app.scope()
  const since = new Date(app.stripe.now().getTime() - app.deps.billing.settings.pastDueGrace + DAY)
  await em.execute("update subscriptions set status = 'past_due', past_due_since = ? where account_id = ?", [
    ...[since, late.id],
  ])
  await override(free.id, 3, new Date(app.stripe.now().getTime() + DAY))
  // As if they were from before. Nothing has given these their places yet.
  const marks = "delete from events where object_kind = 'entitlements' and position is null and object_id in (?, ?)"
  await em.execute(marks, [late.id, free.id])
  await followEarlierAccess(app.scope())
  await followEarlierAccess(app.scope())
  expect([await plansOf(late.id), await limitsOf(free.id, 'projects')]).toEqual([[], []])
  await app.stripe.advance({ days: 2 })
  expect([await plansOf(late.id), await limitsOf(free.id, 'projects')]).toEqual([[null], [0]])
})

test("a change of a plan's features is told to all its accounts, in batches", async () => {
  const users = await Promise.all(Array.from({ length: 3 }, () => app.aUser()))
  for (const user of users) await aGrant(app, user, 'team')
  const many = await Promise.all(users.map(({ id }) => limitsOf(id, 'projects')))
  expect(many).toEqual([[5], [5], [5]])
  const { em } = app.scope()
  await em.execute(
    `with people as (
       insert into users (id, email, username, username_key, created_at, updated_at)
       select gen_random_uuid(), 'crowd' || n || '@example.com', 'crowd' || n, 'crowd' || n, now(), now()
       from generate_series(1, 450) n returning id)
     select count(*) from people`,
  )
  await em.execute(
    `insert into subscriptions (id, account_id, plan_id, provider, status, price_cents, currency, billing_period, started_at,
       current_period_start, current_period_end, created_at, updated_at)
     select gen_random_uuid(), users.id, plans.id, 'manual', 'active', 0, plans.currency, plans.billing_period, now(), now(),
       now() + interval '9 years', now(), now() from users, plans
     where users.username like 'crowd%' and plans.code = 'team'`,
  )
  await app.deps.events.sequence()
  await em.execute("update plans set features = ? where code = 'team'", [{ projects: { limit: 6, per: 'total' } }])
  await app.deps.events.sequence()
  const told = await em.execute(
    `select data -> 'features' -> 'projects' ->> 'limit' as limit, count(*)::int from events
     where object_kind = 'entitlements' and object_id in (select id::text from users where username like 'crowd%')
     group by 1 order by 1`,
  )
  expect(told).toEqual([
    { limit: '5', count: 450 },
    { limit: '6', count: 450 },
  ])
  await em.execute("update plans set name = 'Team!', updated_at = now() where code = 'team'")
  expect(await limitsOf(users[0]?.id ?? '', 'projects')).toEqual([5, 6])

  const { id } = await app.aUser()
  await em.execute("update plans set features = ? where code = 'free'", [{ projects: { limit: 1, per: 'total' } }])
  expect(await limitsOf(id, 'projects')).toEqual([1])
  expect(await limitsOf(users[0]?.id ?? '', 'projects')).toEqual([5, 6])
  await expectAllIsTold(app)
})

test('a closed account may use nothing: its user, its members, and what they may use are told', async () => {
  const owner = await aMember(app)
  const other = await aMember(app)
  const team = await anOrganization(app, owner, [[other, 'admin']])
  await aGrant(app, owner, 'team')
  await app
    .scope()
    .em.execute(`update subscriptions set account_id = ?, user_id = null where account_id = ?`, [
      ...[team.id, owner.id],
    ])
  expect(await plansOf(team.id)).toEqual(['team'])
  await owner.api.accounts.update.mutate({ accountId: team.id, name: 'Renamed' })
  await owner.api.accounts.members.setRole.mutate({ accountId: team.id, userId: other.id, role: 'billing' })
  await other.api.accounts.leave.mutate({ accountId: team.id })
  await owner.api.accounts.delete.mutate({ accountId: team.id })
  await other.api.auth.deactivate.mutate()
  expect(await plansOf(team.id)).toEqual(['team', null])
  const types = await app
    .scope()
    .em.execute<{ type: string }[]>(
      `select type from events where account_id = ? and object_kind in ('account', 'member') and position is not null order by position`,
      [team.id],
    )
  expect(types.map(({ type }) => type)).toEqual([
    ...['account.created', 'member.added', 'member.added', 'account.updated', 'member.changed', 'member.removed'],
    'account.deleted',
  ])
  const ofOther = await app
    .scope()
    .em.execute<{ type: string }[]>(
      `select type from events where object_id = ? and object_kind in ('user', 'account') and position is not null order by position`,
      [other.id],
    )
  expect(ofOther.map(({ type }) => type)).toEqual([
    ...['user.created', 'account.created', 'user.deactivated', 'account.updated'],
  ])
  await expectAllIsTold(app)
})
