import { createHash } from 'node:crypto'
import { RevisionStale } from './errors/errors.ts'

/** Characters of a revision: 96 bits, so that two states do not share one by chance. */
const LENGTH = 16

/** Stands for a state, whatever the order of its fields. The same state always has the same revision. */
export function revisionOf(state: unknown): string {
  return createHash('sha256').update(canonical(state)).digest('base64url').slice(0, LENGTH)
}

const canonical = (state: unknown): string =>
  JSON.stringify(state, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )

/**
 * @param seen what the caller has seen; without it, any state is fine. Null if they have seen that there is none.
 * @param present null if there is none.
 * @throws {RevisionStale} if the present state is another one.
 */
export function requireRevision(seen: string | null | undefined, present: string | null): void {
  if (seen !== undefined && seen !== present) throw new RevisionStale()
}
