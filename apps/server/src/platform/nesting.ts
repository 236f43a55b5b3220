/** Maximum nesting of JSON from outside: deeper than any provider's event, and far below what PostgreSQL can parse. */
const DEEPEST = 100

/** Whether a value of JSON is nested too deeply to be checked and stored. */
export function isTooDeep(value: unknown, levels = DEEPEST): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1))
}
