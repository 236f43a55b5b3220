import type { EntityManager } from '@mikro-orm/postgresql'
import { getAccount, listSessions, type User } from '../../auth/index.ts'
import { listOwnedSubscriptions } from '../../billing/index.ts'
import { readOwnData } from '../../service/index.ts'
import type { PeopleScope } from '../admin-scope.ts'
import type { Membership, UserDetails } from '../people.schemas.ts'
import { readLiveSubscriptions } from './read-live-subscriptions.ts'

/**
 * Returns a user with their profile, identities, accounts, subscriptions, open sessions and latest mails.
 *
 * @throws {UserNotFound}
 */
export async function getUser(scope: PeopleScope, { id }: { id: string }): Promise<Omit<UserDetails, 'ownFields'>> {
  const { em } = scope
  const user = await getAccount(scope, { id })
  const { privateData, revision } = await readOwnData(em, { of: 'user', id })
  const sessions = await listSessions(scope, { userId: id, sessionId: '' })
  return {
    ...user,
    ...{ privateData, dataRevision: revision },
    ...(await listOwnedSubscriptions(scope, { accountId: id })),
    ...(await readLogin(em, id)),
    accounts: await readMemberships(scope, id),
    sessions: sessions.map(({ current: _, ...session }) => session),
    mails: await readMails(em, user),
  }
}

async function readLogin(em: EntityManager, userId: string): Promise<Pick<UserDetails, 'hasPassword' | 'lastLoginAt'>> {
  const [row] = await em.execute<{ hasPassword: boolean; lastLoginAt: string | null }[]>(
    `select password_hash is not null as "hasPassword",
       (select created_at from sessions where user_id = users.id order by created_at desc limit 1) as "lastLoginAt"
     from users where id = ?`,
    [userId],
  )
  return { hasPassword: row?.hasPassword ?? false, lastLoginAt: row?.lastLoginAt ? new Date(row.lastLoginAt) : null }
}

async function readMemberships(scope: PeopleScope, userId: string): Promise<Membership[]> {
  const rows = await scope.em.execute<(Omit<Membership, 'subscription' | 'joinedAt'> & { joinedAt: string })[]>(
    `select account.id, account.kind, coalesce(account.name, holder.username) as name, member.role,
       member.joined_at as "joinedAt",
       (select count(*)::int from members others where others.account_id = account.id) as members
     from members member join accounts account on account.id = member.account_id and account.closed_at is null
       left join users holder on holder.id = account.id
     where member.user_id = ?
     order by account.kind = 'personal' desc, lower(account.name), account.id`,
    [userId],
  )
  const subscriptions = await readLiveSubscriptions(
    scope,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    ...row,
    joinedAt: new Date(row.joinedAt),
    subscription: subscriptions.get(row.id) ?? null,
  }))
}

/** How many of the latest mails are shown. The timeline has all. */
const RECENT_MAILS = 5

/** A person's mails, also to former addresses. Those of older versions are found by the address. */
async function readMails(
  em: EntityManager,
  { id, email, createdAt }: Pick<User, 'id' | 'email' | 'createdAt'>,
): Promise<UserDetails['mails']> {
  const theirs = (condition: string) => `(select id, template, created_at, sent_at from mails where ${condition}
    order by created_at desc, id desc limit ${RECENT_MAILS})`
  const unnamed = `user_id is null and recipient = ? and (template = 'invitation' or created_at >= ?)`
  const rows = await em.execute<{ id: string; template: string; created_at: string; sent_at: string | null }[]>(
    `${theirs('user_id = ?')} union all ${theirs(unnamed)} order by created_at desc, id desc limit ${RECENT_MAILS}`,
    [id, email, createdAt],
  )
  const [state] = await em.execute<{ waiting: number }[]>(
    `select count(*)::int as waiting from mails where (user_id = ? or (${unnamed})) and sent_at is null`,
    [id, email, createdAt],
  )
  const recent = rows.map(({ id, template, created_at, sent_at }) => ({
    ...{ id, template, createdAt: new Date(created_at) },
    sentAt: sent_at === null ? null : new Date(sent_at),
  }))
  return {
    waiting: state?.waiting ?? 0,
    lastSentAt: recent.find(({ sentAt }) => sentAt !== null)?.sentAt ?? null,
    recent,
  }
}
