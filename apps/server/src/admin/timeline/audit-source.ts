import type { TimelineKind } from '../timeline.schemas.ts'
import type { Place } from './place.ts'
import { afterPlace, type Source, type Sql } from './source.ts'
import type { Subject } from './subject.ts'

/** What each kind of entry takes from the audit log. */
const ACTIONS: Partial<Record<TimelineKind, string>> = {
  invitation: `entry.action like 'invitation.%'`,
  membership: `(entry.action like 'member.%' or entry.action like 'account.%')`,
  subscription: `entry.action = 'subscription.change_plan'`,
  audit: `entry.action not like 'invitation.%' and entry.action not like 'member.%'
    and entry.action not like 'account.%' and entry.action <> 'subscription.change_plan'`,
}

const RANK = 40
const AUDIT = { rank: RANK, at: 'entry.created_at', key: 'entry.id' }

/**
 * The audit log as a source. Several indexes find its rows: by the target, by who acted, and by the member that it was
 * done to. A row that two of them find is one entry, because `union` removes the second.
 *
 * @returns null if no wanted kind is in the audit log.
 */
export function auditSource(
  { id, email }: Subject,
  wanted: readonly TimelineKind[] | undefined,
  place: Place | undefined,
  count: number,
): Source | null {
  const actions = Object.entries(ACTIONS).flatMap(([kind, sql]) =>
    !wanted || wanted.some((one) => one === kind) ? [sql] : [],
  )
  if (actions.length === 0) return null
  const isWanted = wanted ? `(${actions.map((sql) => `(${sql})`).join(' or ')})` : 'true'
  const after = afterPlace(AUDIT, place)
  const newest = (where: string) => `(select entry.id, entry.created_at from audit_entries entry
    where ${where} and ${isWanted} and ${after.sql} order by entry.created_at desc, entry.id desc limit ${count})`
  const some = (where: string, ...values: readonly unknown[]): Sql => ({
    sql: newest(where),
    values: [...values, ...after.values],
  })
  const found = [
    some('entry.target_id = ?', id),
    {
      sql: `(select found.id, found.created_at from subscriptions s
        cross join lateral ${newest('entry.target_id = s.id::text')} found where s.account_id = ?)`,
      values: [...after.values, id],
    },
    ...(email === null
      ? []
      : [
          some('entry.actor_id = ?', id),
          some(
            `coalesce(entry.after ->> 'userId', entry.before ->> 'userId') = ? and entry.action like 'member.%'`,
            id,
          ),
        ]),
  ]
  return {
    ...AUDIT,
    name: 'audit',
    kinds: ['audit', 'invitation', 'membership', 'subscription'],
    from: `(${found.map(({ sql }) => sql).join(' union ')}) found join audit_entries entry on entry.id = found.id`,
    // The values belong to `from`, which comes first.
    where: { sql: 'true', values: found.flatMap(({ values }) => values) },
    facts: FACTS,
  }
}

const USER_ID = `coalesce(entry.after ->> 'userId', entry.before ->> 'userId')`

const FACTS = `jsonb_build_object('action', entry.action, 'targetType', entry.target_type, 'targetId', entry.target_id,
  'before', entry.before, 'after', entry.after, 'ip', entry.ip,
  'actor', (select jsonb_build_object('id', actor.id, 'email', actor.email) from users actor where actor.id = entry.actor_id),
  'account', case when entry.target_type = 'account' then (
    select jsonb_build_object('id', account.id, 'name', coalesce(account.name, holder.username))
    from accounts account left join users holder on holder.id = account.id where account.id = entry.target_id::uuid) end,
  'user', case when entry.target_type = 'user' then (
    select jsonb_build_object('id', person.id, 'email', person.email) from users person where person.id = entry.target_id::uuid) end,
  'member', case when entry.action like 'member.%' then (
    select jsonb_build_object('id', person.id, 'email', person.email) from users person where person.id = (${USER_ID})::uuid) end,
  'subscription', case when entry.action = 'subscription.change_plan' then (
    select jsonb_build_object('provider', s.provider, 'status', s.status) from subscriptions s where s.id = entry.target_id::uuid) end)`
