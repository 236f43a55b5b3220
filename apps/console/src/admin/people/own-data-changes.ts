export type Fields = Readonly<Record<string, unknown>>

/**
 * The fields that an operator has changed. The others are left out, so that a colleague's changes to them stay.
 *
 * @returns null for a removed field.
 */
export function dataChanges(seen: Fields, written: Fields): Fields {
  const set = Object.entries(written).filter(([field, value]) => !isSame(value, own(seen, field)))
  const removed = Object.keys(seen).filter((field) => !Object.hasOwn(written, field))
  return Object.fromEntries([...set, ...removed.map((field) => [field, null] as const)])
}

const own = (fields: Fields, field: string): unknown => (Object.hasOwn(fields, field) ? fields[field] : undefined)

/** Whether two values are the same JSON, whatever the order of their keys. */
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, each]) => [key, sorted(each)] as const)
  return { entries: entries.toSorted(([one], [another]) => (one < another ? -1 : 1)) }
}
