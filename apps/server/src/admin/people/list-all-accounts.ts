import type { EntityManager } from '@mikro-orm/postgresql'
import type { Condition } from '../../auth/index.ts'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { AccountListItem, ListAllAccountsInput } from '../people.schemas.ts'
import { IS_CLOSED, readAccountRows } from './account-row.ts'
import { LIVE_STATUSES, planIdOf, readLiveSubscriptions } from './read-live-subscriptions.ts'

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** How many of the newest accounts are looked at, one number after the other, before all are. */
const RECENT = [5_000, 50_000] as const
const NEWEST_FIRST = 'account.created_at desc, account.id desc'
/** The same order, as no index has it: otherwise PostgreSQL reads all accounts one by one to find a few. */
const SORTED = "account.created_at + interval '0' desc, account.id desc"

interface Found {
  id: string
  createdAt: string
}

/**
 * Lists all accounts, newest first: who pays, their owner, members and live subscription. A search finds accounts by any
 * part of their name, or of their user's or owners' address or username, regardless of case, or by their id.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listAllAccounts(scope: AdminScope, input: ListAllAccountsInput): Promise<Page<AccountListItem>> {
  const { em } = scope
  const found = await find(em, input)
  const { items, nextCursor } = pageOf(
    found,
    input.limit,
    ({ id }) => id,
    ({ id, createdAt }) => ({ at: new Date(createdAt), id }),
  )
  const rows = await readAccountRows(em, items)
  const subscriptions = await readLiveSubscriptions(scope, items)
  return { items: rows.map((row) => ({ ...row, subscription: subscriptions.get(row.id) ?? null })), nextCursor }
}

async function find(
  em: EntityManager,
  { cursor, limit, search = '', ...wanted }: ListAllAccountsInput,
): Promise<Found[]> {
  const from = cursor ? readCursor(cursor) : undefined
  const { minMembers = 1 } = wanted
  // Only organizations have several members.
  const kind = minMembers > 1 ? 'organization' : wanted.kind
  if (kind !== undefined && wanted.kind !== undefined && kind !== wanted.kind) return []
  const filters: Condition[] = [
    ...(from
      ? [{ sql: '(account.created_at, account.id) < (?::timestamptz, ?::uuid)', values: [from.at, from.id] }]
      : []),
    ...(kind ? [{ sql: `account.kind = '${kind}'`, values: [] }] : []),
  ]
  const rare: Condition[] = [
    ...(wanted.isClosed === undefined ? [] : [{ sql: `${IS_CLOSED} = ${wanted.isClosed}`, values: [] }]),
    ...subscribed({ status: wanted.status, planId: await planIdOf(em, wanted.planCode) }),
    ...(minMembers > 1 ? [hasMembers(minMembers)] : []),
  ]
  const text = search.toLowerCase()
  const count = limit + 1
  if (ID.test(text))
    return select(em, 'accounts', [...filters, ...rare, { sql: 'account.id = ?', values: [text] }], count)
  // PostgreSQL can't store such text, so no account has it.
  if (text.includes('\0') || !text.isWellFormed()) return []

  const sought = text === '' ? rare : [...rare, contains(text)]
  if (sought.length === 0) return select(em, 'accounts', filters, count)
  // The indexes have no text of one or two characters.
  const isShort = text !== '' && [...text].length < 3
  // To look for text in many accounts takes longer than the indexes of names and users.
  for (const recent of text === '' || isShort ? RECENT : RECENT.slice(0, 1)) {
    const newest = `(select * from accounts account where ${allOf(filters)} order by ${NEWEST_FIRST} limit ${recent})`
    const found = await select(em, newest, sought, count, { sourceValues: valuesOf(filters) })
    const isLast = isShort && rare.length === 0 && recent === RECENT.at(-1)
    if (found.length === count || isLast) return found
  }
  if ([...text].length < 3) return select(em, 'accounts', [...filters, ...sought], count, { order: SORTED })
  return select(em, 'accounts', [...filters, ...rare, isAmong(text)], count, { order: SORTED })
}

function subscribed({
  planId,
  status,
}: Pick<ListAllAccountsInput, 'status'> & { planId: string | null | undefined }): Condition[] {
  const exists = (condition: string, values: unknown[]): Condition => ({
    sql: `exists (select from subscriptions s where s.account_id = account.id and s.status in (${LIVE_STATUSES}) and ${condition})`,
    values,
  })
  const none = exists('true', [])
  return [
    ...(planId === undefined ? [] : [exists('s.plan_id = ?::uuid', [planId])]),
    ...(status === undefined
      ? []
      : status === 'none'
        ? [{ ...none, sql: `not ${none.sql}` }]
        : [exists('s.status = ?', [status])]),
  ]
}

const hasMembers = (count: number): Condition => ({
  sql: '(select count(*) from (select from members member where member.account_id = account.id limit ?) counted) >= ?',
  values: [count, count],
})

const patternOf = (text: string) => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`

/**
 * Reads the owners of each account, one account after the other. With `exists`, PostgreSQL would search all users first.
 */
const contains = (text: string): Condition => ({
  sql: `(lower(account.name) like ? or coalesce((
    select true from members member join users person on person.id = member.user_id
    where member.account_id = account.id and member.role = 'owner'
      and person.email || ' ' || person.username_key like ? limit 1), false))`,
  values: [patternOf(text), patternOf(text)],
})

/** Finds the same with the indexes of names and users. Their expressions are written exactly like this. */
const isAmong = (text: string): Condition => ({
  sql: `account.id in (
    select named.id from accounts named where named.name is not null
      and trigrams(lower(named.name)) @> trigrams(?) and lower(named.name) like ?
    union
    select member.account_id from (
      select u.id from users u where trigrams(email || ' ' || username_key) @> trigrams(?)
        and email || ' ' || username_key like ?
    ) person join members member on member.user_id = person.id and member.role = 'owner')`,
  values: [text, patternOf(text), text, patternOf(text)],
})

const allOf = (conditions: readonly Condition[]) => conditions.map(({ sql }) => sql).join(' and ') || 'true'
const valuesOf = (conditions: readonly Condition[]) => conditions.flatMap(({ values }) => values)

async function select(
  em: EntityManager,
  source: string,
  conditions: readonly Condition[],
  count: number,
  { order = NEWEST_FIRST, sourceValues = [] }: { order?: string; sourceValues?: readonly unknown[] } = {},
): Promise<Found[]> {
  return em.execute<Found[]>(
    `select account.id, account.created_at as "createdAt" from ${source} account left join users holder on holder.id = account.id
     where ${allOf(conditions)} order by ${order} limit ?`,
    [...sourceValues, ...valuesOf(conditions), count],
  )
}
