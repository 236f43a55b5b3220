import type { EntityManager } from '@mikro-orm/postgresql'
import type { z } from 'zod'
import { InvalidInput } from './errors/errors.ts'
import { isTooDeep } from './nesting.ts'

/** The fields that the configuration of this server adds to one table, each with its schema. */
export interface OwnFields {
  readonly publicData: FieldSchemas
  readonly privateData: FieldSchemas
  /** Which fields of `publicData` their owner may change. */
  readonly writable: ReadonlySet<string>
  /** Which fields of `publicData` a sign-up may have. */
  readonly signUp: ReadonlySet<string>
}
export type FieldSchemas = Readonly<Record<string, z.ZodType>>

/** The fields of both tables that have some. */
export interface OwnData {
  readonly users: OwnFields
  readonly accounts: OwnFields
}

const NONE: OwnFields = { publicData: {}, privateData: {}, writable: new Set(), signUp: new Set() }
export const NO_OWN_DATA: OwnData = { users: NONE, accounts: NONE }

type Kind = 'publicData' | 'privateData'
/** Values by field. Null takes the field away. */
export type FieldChanges = Readonly<Record<string, unknown>>
export type DataChanges = { readonly [Each in Kind]?: FieldChanges | undefined }

/** Maximum size in bytes, as {@link sizeOf} measures it. `publicData` is read with every call of its user. */
const LARGEST = { publicData: 8_192, privateData: 65_536 } as const
const COLUMN = { publicData: 'public_data', privateData: 'private_data' } as const

/**
 * Checks what the owner of a row wants to change.
 *
 * @throws {InvalidInput} which names each bad field.
 */
export function checkOwnersChange(fields: OwnFields, changes: FieldChanges): FieldChanges {
  return checked({ publicData: changes }, fields, fields.writable).publicData ?? {}
}

/**
 * Checks what a sign-up says, and adds the defaults of what it doesn't say.
 *
 * @throws {InvalidInput} which names each bad field, and each missing one that is not optional.
 */
export function checkSignUp(fields: OwnFields, given: FieldChanges = {}): FieldChanges {
  const asked = Object.fromEntries(
    [...fields.signUp].map((name) => [name, Object.hasOwn(given, name) ? given[name] : undefined]),
  )
  return checked({ publicData: { ...given, ...asked } }, fields, fields.signUp, true).publicData ?? {}
}

/**
 * Checks what an operator or a program wants to change.
 *
 * @throws {InvalidInput} which names each bad field.
 */
export function checkOperatorsChange(fields: OwnFields, changes: DataChanges): DataChanges {
  return checked(changes, fields)
}

function checked(changes: DataChanges, fields: OwnFields, allowed?: ReadonlySet<string>, isNew = false): DataChanges {
  const problems: Record<string, string> = {}
  const check = (kind: Kind): FieldChanges | undefined => {
    const given = changes[kind]
    if (!given) return undefined
    const results: [string, unknown][] = []
    for (const [name, value] of Object.entries(given)) {
      const field = `${kind}.${name}`
      const schema = Object.hasOwn(fields[kind], name) ? fields[kind][name] : undefined
      // An operator may remove a field that the configuration no longer has.
      const mayRemove = schema ? allowed?.has(name) !== false : !allowed && isStorable(name)
      if (value === null && !isNew && mayRemove) results.push([name, null])
      else if (!schema) problems[field] = 'is not a field of the configuration'
      else if (allowed?.has(name) === false) problems[field] = 'can only be changed by an operator'
      else if (isTooDeep(value, DEEPEST)) problems[field] = 'is nested too deeply' // before a schema recurses into it
      else if (value !== undefined || isNew) {
        const { data, error } = parseNow(schema, value, field)
        for (const { path, message } of error?.issues ?? []) {
          problems[[field, ...path.map(String)].join('.')] ??= value === undefined ? 'is missing' : message
        }
        if (!error && !isStorable(data)) problems[field] = 'can’t be stored as JSON'
        if (!error && data !== undefined) results.push([name, data])
      }
    }
    return Object.fromEntries(results)
  }
  const result = { publicData: check('publicData'), privateData: check('privateData') }
  if (Object.keys(problems).length > 0) throw new InvalidInput(problems)
  return result
}

function parseNow(schema: z.ZodType, value: unknown, field: string) {
  try {
    return schema.safeParse(value)
  } catch (cause) {
    throw new Error(`The schema of ${field} has failed. Its checks must not be async, and must not throw.`, { cause })
  }
}

/** superjson refuses to write these keys, so one stored value would fail every answer that has it. */
const UNWRITABLE_KEYS = ['__proto__', 'constructor', 'prototype']
/** Maximum depth of a value: superjson would use up the stack for a very deep one. */
const DEEPEST = 20

/** Whether JSON gives the value back as it is, PostgreSQL can store it, and every answer can have it. */
function isStorable(value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  if (Array.isArray(value)) return value.every((item) => item !== undefined && isStorable(item))
  if (typeof value !== 'object') return false
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === Object.prototype || prototype === null
  return (
    isPlain &&
    Object.entries(value).every(([key, item]) => !UNWRITABLE_KEYS.includes(key) && isStorable(key) && isStorable(item))
  )
}

/**
 * Changes fields of one row, as part of the transaction. The others stay as they are.
 *
 * @throws {InvalidInput} when there would be too much.
 */
export async function writeOwnData(
  em: EntityManager,
  { table, id, now }: { table: 'users' | 'accounts'; id: string; now: Date },
  changes: DataChanges,
): Promise<void> {
  if (!em.isInTransaction()) throw new Error('Fields were changed outside a transaction.')
  for (const kind of ['publicData', 'privateData'] as const) {
    const entries = Object.entries(changes[kind] ?? {})
    if (entries.length === 0) continue
    const set = Object.fromEntries(entries.filter(([, value]) => value !== null))
    const removed = entries.filter(([, value]) => value === null).map(([name]) => name)
    const column = COLUMN[kind]
    const [row] = await em.execute<{ data: FieldChanges | null }[]>(
      `update ${table} set ${column} = nullif(
         (coalesce(${column}, '{}') || ?::jsonb) - array(select jsonb_array_elements_text(?::jsonb)), '{}')
         ${table === 'users' ? ', updated_at = ?' : ''}
       where id = ? returning ${column} as data`,
      [JSON.stringify(set), JSON.stringify(removed), ...(table === 'users' ? [now] : []), id],
    )
    requireSmall(row?.data ?? {}, kind)
  }
}

/** The changed fields, such as `publicData.company`. */
export const changedFields = ({ publicData = {}, privateData = {} }: DataChanges): string[] =>
  Object.entries({ publicData, privateData }).flatMap(([kind, changes]) =>
    Object.keys(changes).map((name) => `${kind}.${name}`),
  )

/** @throws {InvalidInput} for all fields of a row, if they are larger than a row may have. */
export function requireSmall(data: FieldChanges, kind: Kind = 'publicData'): void {
  if (sizeOf(data) > LARGEST[kind]) {
    throw new InvalidInput({ [kind]: `must have at most ${LARGEST[kind]} bytes in total` })
  }
}

/** The size as JSON without spaces, as `JSON.stringify` writes it: callers can compute the same. */
const sizeOf = (data: FieldChanges): number => Buffer.byteLength(JSON.stringify(data))
