import type { EntityManager } from '@mikro-orm/postgresql'
import { listAccounts, type Condition } from '../../auth/index.ts'
import type { Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { ListUsersInput, UserListItem } from '../people.schemas.ts'
import { LIVE_STATUSES, planIdOf, readLiveSubscriptions } from './read-live-subscriptions.ts'

/**
 * Lists all users, newest first, with what an operator looks for: plan, organizations, login methods, last login.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listUsers(
  scope: AdminScope,
  { hasSubscription, planCode, isPastDue, ...input }: ListUsersInput,
): Promise<Page<UserListItem>> {
  const { items, nextCursor } = await listAccounts(scope, input, [
    ...(hasSubscription === undefined ? [] : [exists(hasSubscription, 'true')]),
    ...(planCode === undefined ? [] : [exists(true, 's.plan_id = ?::uuid', await planIdOf(scope.em, planCode))]),
    ...(isPastDue === undefined ? [] : [exists(isPastDue, "s.status in ('past_due', 'unpaid')")]),
  ])
  const ids = items.map(({ id }) => id)
  const subscriptions = await readLiveSubscriptions(scope, ids)
  const columns = await readColumns(scope.em, ids)
  return {
    items: items.map((user) => {
      const { lastLoginAt = null, ...more } = columns.get(user.id) ?? { organizations: 0, identities: [] }
      return {
        ...user,
        subscription: subscriptions.get(user.id) ?? null,
        ...more,
        lastLoginAt: lastLoginAt === null ? null : new Date(lastLoginAt),
      }
    }),
    nextCursor,
  }
}

function exists(wanted: boolean, condition: string, ...values: readonly unknown[]): Condition {
  const sql = `exists (select from subscriptions s where s.account_id = u.id and s.status in (${LIVE_STATUSES}) and ${condition})`
  return { sql: wanted ? sql : `not ${sql}`, values }
}

type Columns = Pick<UserListItem, 'organizations' | 'identities'> & { lastLoginAt?: string | null }

async function readColumns(em: EntityManager, ids: readonly string[]): Promise<ReadonlyMap<string, Columns>> {
  const rows = await em.execute<(Columns & { id: string })[]>(
    `select u.id,
       (select count(*)::int from members member join accounts account on account.id = member.account_id
        where member.user_id = u.id and account.kind = 'organization' and account.closed_at is null) as organizations,
       (select coalesce(jsonb_agg(distinct provider), '[]') from identities where user_id = u.id) as identities,
       (select created_at from sessions where user_id = u.id order by created_at desc limit 1) as "lastLoginAt"
     from unnest(?::uuid[]) as u (id)`,
    [`{${ids.join(',')}}`],
  )
  return new Map(rows.map(({ id, ...columns }) => [id, columns]))
}
