import { expect, vi } from 'vitest'
import { userView } from '../src/auth/credentials/user-view.ts'
import { User } from '../src/auth/index.ts'
import {
  Payment,
  paymentView,
  readEntitlements,
  readRecoveries,
  Subscription,
  toSubscriptionView,
} from '../src/billing/index.ts'
import type { FullScope } from '../src/deps.ts'
import { readAccountFacts } from '../src/service/facts/read-account-facts.ts'
import type { TestApp } from './test-app.ts'

interface Told {
  kind: string
  id: string
  type: string
  version: string
  position: string
  data: Record<string, unknown>
}

/** Every event of a feed, in its order. */
async function allEvents({ em }: FullScope): Promise<Told[]> {
  return em.execute<Told[]>(
    `select object_kind as kind, object_id as id, type, version, position, data from events
     where position is not null order by position`,
  )
}

/**
 * Checks that the last event of each object says what the API says of it now, that each object has one, and that
 * positions and versions have no gaps. For the end of a test that has changed much.
 *
 * @returns the number of objects.
 */
export async function expectAllIsTold(app: TestApp): Promise<number> {
  // A job may go on while this reads one table after the other.
  return vi.waitFor(() => compare(app), { timeout: 10_000, interval: 100 })
}

async function compare(app: TestApp): Promise<number> {
  await app.deps.events.sequence()
  const scope = app.scope()
  const events = await allEvents(scope)
  expect(await scope.em.execute('select 1 from events where position is null')).toEqual([])
  const last = new Map<string, Told>()
  for (const [index, event] of events.entries()) {
    const { kind, id } = event
    const version = Number(last.get(`${kind} ${id}`)?.version ?? 0) + 1
    expect(event).toMatchObject({ position: String(index + 1), version: String(version) })
    last.set(`${kind} ${id}`, event)
  }
  const toldOf = (kind: string) =>
    Object.fromEntries([...last.values()].flatMap((event) => (event.kind === kind ? [[event.id, stateOf(event)]] : [])))

  expect(toldOf('user')).toEqual(await users(scope))
  expect(toldOf('account')).toEqual(await accounts(scope))
  expect(toldOf('member')).toMatchObject(await members(scope))
  expect(toldOf('subscription')).toEqual(await subscriptions(scope))
  expect(toldOf('payment')).toEqual(await payments(scope))
  for (const [id, state] of Object.entries(toldOf('entitlements'))) {
    expect([id, allowedBy(state)]).toEqual([id, await entitlements(scope, id)])
  }
  await expectNoneIsForgotten(scope, Object.keys(toldOf('entitlements')))
  return last.size
}

const GONE: ReadonlySet<string> = new Set(['user.deleted', 'member.removed'])

/** What depends on the time and the plan's own changes is left out. */
const PASSING = ['hasAccess', 'accessUntil', 'accessReason', 'plan', 'members']

function stateOf({ type, data }: Told): unknown {
  return GONE.has(type) ? 'gone' : lasting(data)
}

const lasting = (view: object): unknown =>
  JSON.parse(JSON.stringify(view, (key, value: unknown) => (PASSING.includes(key) ? undefined : value)))

const byId = (views: readonly { id: string }[]): object =>
  Object.fromEntries(views.map((view) => [view.id, lasting(view)]))

const users = async ({ em }: FullScope) => byId((await em.find(User, {})).map(userView))

async function accounts(scope: FullScope): Promise<object> {
  const rows = await scope.em.execute<{ id: string }[]>('select id from accounts')
  return byId(await Promise.all(rows.map((row) => readAccountFacts(scope, row))))
}

async function members({ em }: FullScope): Promise<object> {
  const rows = await em.execute<{ id: string; accountId: string; userId: string; role: string; joinedAt: string }[]>(
    `select account_id || ':' || user_id as id, account_id as "accountId", user_id as "userId", role,
       joined_at as "joinedAt" from members`,
  )
  return Object.fromEntries(
    rows.map(({ id, ...row }) => [id, { ...row, joinedAt: new Date(row.joinedAt).toISOString() }]),
  )
}

async function subscriptions({ em, billing }: FullScope): Promise<object> {
  const rows = await em.find(Subscription, {}, { populate: ['plan', 'scheduledPlan'] })
  const billingNow = await billing.time.now()
  const recoveries = await readRecoveries(em, rows)
  return byId(
    rows.map((row) => {
      const recovery = recoveries.get(row.id)
      return toSubscriptionView(row, billingNow, billing.settings, recovery && { ...recovery, payUrl: null })
    }),
  )
}

const payments = async ({ em }: FullScope) => byId((await em.find(Payment, {})).map(paymentView))

/** Of entitlements, what an event is told for. */
function allowedBy(view: unknown): unknown {
  const text = JSON.stringify(view)
  const { tier, planCode, until, features } = JSON.parse(text) as Awaited<ReturnType<typeof readEntitlements>>
  const limits = Object.entries(features).flatMap(([name, { limit }]) => (limit === 0 ? [] : [[name, limit]]))
  return { tier, planCode, until, limits }
}

async function entitlements(scope: FullScope, accountId: string): Promise<unknown> {
  const isOpen = await scope.em.execute(
    `select 1 from accounts a left join users u on u.id = a.id
     where a.id = ? and a.closed_at is null and coalesce(u.is_active, true)`,
    [accountId],
  )
  if (isOpen.length === 0) return { tier: 'free', planCode: null, until: null, limits: [] }
  return allowedBy(await readEntitlements(scope, { accountId }))
}

/** An account without an event may use what any account may: what the free plan has. */
async function expectNoneIsForgotten({ em }: FullScope, told: readonly string[]): Promise<void> {
  const rows = await em.execute<{ account_id: string }[]>(
    `select account_id from subscriptions union select account_id from entitlement_overrides`,
  )
  expect(told).toEqual(expect.arrayContaining(rows.map(({ account_id }) => account_id)))
}
