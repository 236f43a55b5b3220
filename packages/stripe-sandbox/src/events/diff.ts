type Json = Record<string, unknown>

/**
 * The old values of an object's changed attributes, as in an event's `previous_attributes`: only the changed keys,
 * only the changed subkeys of nested hashes, and the entire old array for a changed array.
 *
 * @returns null if nothing changed.
 * @see node_modules/stripe/esm/resources/Events.d.ts, `Event.Data.previous_attributes`
 */
export function previousAttributes(before: Json, after: Json): Json | null {
  const changed: Json = {}
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[key], after[key]]
    if (isSame(old, now)) continue
    changed[key] = isHash(old) && isHash(now) ? previousAttributes(old, now) : (old ?? null)
  }
  return Object.keys(changed).length > 0 ? changed : null
}

function isSame(old: unknown, now: unknown): boolean {
  if (old === now) return true
  const both = typeof old === 'object' && typeof now === 'object' && old !== null && now !== null
  return both && JSON.stringify(old) === JSON.stringify(now)
}

function isHash(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
