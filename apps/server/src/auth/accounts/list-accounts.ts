import type { EntityManager } from '@mikro-orm/postgresql'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { Scope } from '../../platform/scope.ts'
import type { ListAccountsInput } from '../account.schemas.ts'
import type { UserView } from '../auth.schemas.ts'
import { USER_COLUMNS, userView, type UserRow } from '../credentials/user-view.ts'

/** A condition in SQL with its parameters. The table of users is called `u`. */
export interface Condition {
  readonly sql: string
  readonly values: readonly unknown[]
}

/** The searched text, exactly as in the index `users_search`. */
const TEXT = `email || ' ' || username_key`
const NEWEST_FIRST = 'created_at desc, id desc'
/**
 * The same order, as no index has it. Otherwise PostgreSQL, which expects matches soon, reads all accounts one by one
 * in the index's order. Now it reads the table, with several processes.
 */
const SORTED = "created_at + interval '0' desc, id desc"
/** How many of the newest accounts are looked at, one number after the other, before all are. */
const RECENT = [5_000, 50_000] as const
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Lists all users' accounts, newest first. A search finds accounts whose address or username contains the text,
 * regardless of case, or whose id it is.
 *
 * @param also what the slices above ask for. Few accounts may meet it.
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listAccounts(
  { em }: Pick<Scope, 'em'>,
  { cursor, limit, search = '', createdFrom, createdTo, identity, ...flags }: ListAccountsInput,
  also: readonly Condition[] = [],
): Promise<Page<UserView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const filters: Condition[] = [
    ...(from ? [{ sql: '(created_at, id) < (?::timestamptz, ?::uuid)', values: [from.at, from.id] }] : []),
    ...(createdFrom ? [{ sql: 'created_at >= ?::timestamptz', values: [createdFrom] }] : []),
    ...(createdTo ? [{ sql: 'created_at < ?::timestamptz', values: [createdTo] }] : []),
    // Written exactly as in the partial indexes.
    ...flagIs('is_active', flags.isActive),
    ...flagIs('is_verified', flags.isVerified),
    ...flagIs('is_admin', flags.isAdmin),
  ]
  const isLinked = {
    sql: 'exists (select from identities i where i.user_id = u.id and i.provider = ?)',
    values: [identity],
  }
  const rare = [...(identity ? [isLinked] : []), ...also]
  const rows = await findRows(em, filters, { search: search.toLowerCase(), rare }, limit + 1)
  return pageOf(rows, limit, userView, ({ createdAt, id }) => ({ at: new Date(createdAt), id }))
}

const flagIs = (column: string, value: boolean | undefined): Condition[] =>
  value === undefined ? [] : [{ sql: `${column} = ${value}`, values: [] }]

async function findRows(
  em: EntityManager,
  filters: Condition[],
  { search, rare }: { search: string; rare: readonly Condition[] },
  count: number,
): Promise<UserRow[]> {
  if (ID.test(search)) return select(em, 'users', [...filters, ...rare, { sql: 'id = ?', values: [search] }], count)
  // PostgreSQL can't store such text, so no account has it.
  if (search.includes('\0') || !search.isWellFormed()) return []

  const contains = { sql: `${TEXT} like ?`, values: [`%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`] }
  const sought = [...(search === '' ? [] : [contains]), ...rare]
  if (sought.length === 0) return select(em, 'users', filters, count)
  // The index has no text of one or two characters.
  const isShort = search !== '' && [...search].length < 3
  // Usually the newest accounts give enough results. An index would return every match.
  for (const recent of isShort || rare.length > 0 ? RECENT : RECENT.slice(0, 1)) {
    const found = await select(em, newestOf(filters, recent), sought, count, { sourceValues: conditionValues(filters) })
    const isLast = isShort && rare.length === 0 && recent === RECENT.at(-1)
    if (found.length === count || isLast) return found
  }

  if ([...search].length < 3) return select(em, 'users', [...filters, ...sought], count, { order: SORTED })
  const hasTrigrams = { sql: `trigrams(${TEXT}) @> trigrams(?)`, values: [search] }
  return select(em, 'users', [...filters, hasTrigrams, ...sought], count)
}

const newestOf = (filters: Condition[], recent: number) =>
  `(select * from users where ${allOf(filters)} order by created_at desc, id desc limit ${recent})`

const allOf = (conditions: Condition[]) => conditions.map(({ sql }) => sql).join(' and ') || 'true'
const conditionValues = (conditions: Condition[]) => conditions.flatMap(({ values }) => values)

async function select(
  em: EntityManager,
  source: string,
  conditions: Condition[],
  count: number,
  { order = NEWEST_FIRST, sourceValues = [] }: { order?: string; sourceValues?: readonly unknown[] } = {},
): Promise<UserRow[]> {
  return em.execute<UserRow[]>(
    `select ${USER_COLUMNS} from ${source} u where ${allOf(conditions)} order by ${order} limit ?`,
    [...sourceValues, ...conditionValues(conditions), count],
  )
}
