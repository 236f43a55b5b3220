import type { EntityManager } from '@mikro-orm/postgresql'
import { UserNotFound } from '../../auth/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { SubscriptionSummary, UpdateUserInput, UserUpdatePreview } from '../people.schemas.ts'
import { readLiveSubscriptions } from './read-live-subscriptions.ts'

interface State {
  isActive: boolean
  isAdmin: boolean
  isVerified: boolean
  isLastAdmin: boolean
  mayActorAct: boolean
}

/**
 * Says what `admin.users.update` would do, without doing it: what ends, what stays, and whether it would be refused. Another
 * change may come in between, so the update checks again.
 *
 * @throws {UserNotFound}
 */
export async function previewUserUpdate(
  scope: AdminScope,
  { actorId }: { actorId: string },
  input: UpdateUserInput,
): Promise<UserUpdatePreview> {
  const { em, clock } = scope
  const { id } = input
  const state = await readState(em, id, actorId)
  const changes = changesOf(state, input)
  const closes = changes.includes('disable')
  const live = (await readLiveSubscriptions(scope, [id])).get(id)
  return {
    refusal: refusalOf(state, { isSelf: id === actorId, takesAway: changes.some((change) => TAKES_AWAY.has(change)) }),
    changes,
    sessions: closes
      ? await count(em, 'sessions where user_id = ? and ended_at is null and expires_at > ?', [id, clock.now()])
      : 0,
    links: closes
      ? await count(em, 'one_time_tokens where user_id = ? and used_at is null and expires_at > ?', [id, clock.now()])
      : 0,
    checkouts: closes ? await count(em, CHECKOUTS, [id, clock.now()]) : 0,
    subscription: live ? { ...live, effect: effectOn(live, changes, await scope.billing.time.now()) } : null,
    organizations: changes.some((change) => change === 'disable' || change === 'enable')
      ? await readOrganizations(em, id, closes)
      : [],
    moves: closes || changes.includes('remove_admin') ? await readOpenMoves(em, id) : [],
  }
}

type Change = UserUpdatePreview['changes'][number]

const TAKES_AWAY: ReadonlySet<Change> = new Set(['disable', 'remove_admin', 'unverify'])
const CHECKOUTS = `checkouts join customers on customers.id = checkouts.customer_id
  where customers.account_id = ? and checkouts.status = 'open' and checkouts.expires_at > ?`

function changesOf(state: State, { isActive, isAdmin, isVerified }: UpdateUserInput): Change[] {
  const change = (wanted: boolean | undefined, now: boolean, on: Change, off: Change): Change[] =>
    wanted === undefined || wanted === now ? [] : [wanted ? on : off]
  return [
    ...change(isActive, state.isActive, 'enable', 'disable'),
    ...change(isAdmin, state.isAdmin, 'make_admin', 'remove_admin'),
    ...change(isVerified, state.isVerified, 'verify', 'unverify'),
  ]
}

/** In the order in which the update checks. */
function refusalOf(
  { isLastAdmin, mayActorAct }: State,
  { isSelf, takesAway }: { isSelf: boolean; takesAway: boolean },
): UserUpdatePreview['refusal'] {
  if (isSelf) return 'CANNOT_CHANGE_SELF'
  if (takesAway && isLastAdmin) return 'LAST_ADMIN'
  return mayActorAct ? null : 'ADMIN_ONLY'
}

function effectOn(
  { status, currentPeriodEnd, cancelAt }: SubscriptionSummary,
  changes: readonly Change[],
  billingNow: Date,
): NonNullable<UserUpdatePreview['subscription']>['effect'] {
  const isRunning = (status === 'active' || status === 'trialing') && currentPeriodEnd > billingNow
  // What is not paid ends at once: otherwise a reopened account would get an unpaid period for free.
  if (changes.includes('disable')) return isRunning ? 'ends_with_period' : 'ends_now'
  if (changes.includes('enable')) return isRunning && cancelAt ? 'can_be_resumed' : 'none'
  return 'none'
}

async function readState(em: EntityManager, id: string, actorId: string): Promise<State> {
  const [row] = await em.execute<State[]>(
    `select u.is_active as "isActive", u.is_admin as "isAdmin", u.is_verified as "isVerified",
       u.is_admin and u.is_active and u.is_verified and not exists (
         select from users other where other.id <> u.id and other.is_admin = true and other.is_active and other.is_verified
       ) as "isLastAdmin",
       exists (
         select from users actor where actor.id = ? and actor.is_admin and actor.is_active and actor.is_verified
       ) as "mayActorAct"
     from users u where u.id = ?`,
    [actorId, id],
  )
  if (!row) throw new UserNotFound()
  return row
}

async function count(em: EntityManager, rows: string, values: readonly unknown[]): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(`select count(*)::int as count from ${rows}`, [...values])
  return row?.count ?? 0
}

/** Moves of subscribers that this admin ordered, and that go on. Few are open at a time. */
async function readOpenMoves(em: EntityManager, userId: string): Promise<UserUpdatePreview['moves']> {
  return em.execute<UserUpdatePreview['moves']>(
    `select move.id, source.name as "from", target.name as "to"
     from plan_moves move join plans source on source.id = move.from_plan_id
       join plan_prices price on price.id = move.price_id join plans target on target.id = price.plan_id
     where move.finished_at is null and move.actor_id = ? order by move.created_at, move.id`,
    [userId],
  )
}

/** An administrator's change ends no membership. But an organization may be left without an owner who can log in. */
async function readOrganizations(
  em: EntityManager,
  userId: string,
  closes: boolean,
): Promise<UserUpdatePreview['organizations']> {
  return em.execute<UserUpdatePreview['organizations']>(
    `select account.id, account.name, member.role,
       (select count(*)::int from members others where others.account_id = account.id) as members,
       ? and member.role = 'owner' and not exists (
         select from members other join users person on person.id = other.user_id
         where other.account_id = account.id and other.user_id <> member.user_id and other.role = 'owner' and person.is_active
       ) as "losesLastOwner"
     from members member join accounts account on account.id = member.account_id
     where member.user_id = ? and account.kind = 'organization' and account.closed_at is null
     order by lower(account.name), account.id limit 100`,
    [closes, userId],
  )
}
