import type { EntityManager } from '@mikro-orm/postgresql'
import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { Scope } from '../../platform/scope.ts'
import type { ListAccountsInput } from '../account.schemas.ts'
import type { UserView } from '../auth.schemas.ts'
import { USER_COLUMNS, userView, type UserRow } from '../credentials/user-view.ts'

/** A condition in SQL with its parameters. */
interface Condition {
  sql: string
  values: readonly unknown[]
}

/** The searched text, exactly as in the index `users_search`. */
const TEXT = `email || ' ' || username_key`
const NEWEST_FIRST = 'created_at desc, id desc'
/**
 * The same order, as no index has it. Otherwise PostgreSQL, which expects matches soon, reads all accounts one by one
 * in the index's order. Now it reads the table, with several processes.
 */
const SORTED = "created_at + interval '0' desc, id desc"
/** Maximum newest accounts to search before the index is used. */
const RECENT = 5_000
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Lists all users' accounts, newest first. A search finds accounts whose address or username contains the text,
 * regardless of case, or whose id it is.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listAccounts(
  { em }: Pick<Scope, 'em'>,
  { cursor, limit, search = '', ...flags }: ListAccountsInput,
): Promise<Page<UserView>> {
  const from = cursor ? readCursor(cursor) : undefined
  const filters: Condition[] = [
    ...(from ? [{ sql: '(created_at, id) < (?::timestamptz, ?::uuid)', values: [from.at, from.id] }] : []),
    // Written exactly as in the partial indexes.
    ...flagIs('is_active', flags.isActive),
    ...flagIs('is_verified', flags.isVerified),
    ...flagIs('is_admin', flags.isAdmin),
  ]
  const rows = await findRows(em, filters, search.toLowerCase(), limit + 1)
  return pageOf(rows, limit, userView, ({ createdAt, id }) => ({ at: new Date(createdAt), id }))
}

const flagIs = (column: string, value: boolean | undefined): Condition[] =>
  value === undefined ? [] : [{ sql: `${column} = ${value}`, values: [] }]

async function findRows(em: EntityManager, filters: Condition[], search: string, count: number): Promise<UserRow[]> {
  if (search === '') return select(em, 'users', filters, count)
  if (ID.test(search)) return select(em, 'users', [...filters, { sql: 'id = ?', values: [search] }], count)
  // PostgreSQL can't store such text, so no account has it.
  if (search.includes('\0') || !search.isWellFormed()) return []

  // For a common text, the newest accounts give enough results. The index would return every match.
  const contains = { sql: `${TEXT} like ?`, values: [`%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`] }
  const found = await select(em, newestOf(filters), [contains], count, { sourceValues: conditionValues(filters) })
  if (found.length === count) return found

  // The index has no text of one or two characters. Every account has to be read.
  if ([...search].length < 3) return select(em, 'users', [...filters, contains], count, { order: SORTED })
  const hasTrigrams = { sql: `trigrams(${TEXT}) @> trigrams(?)`, values: [search] }
  return select(em, 'users', [...filters, hasTrigrams, contains], count)
}

const newestOf = (filters: Condition[]) =>
  `(select * from users where ${allOf(filters)} order by created_at desc, id desc limit ${RECENT})`

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
