import type { ObjectToRecheck } from '../upkeep/objects-to-recheck.ts'
import type { RecheckState } from './recheck-state.ts'

/** A small part of a recheck: one page of one list. */
export interface Slice {
  /** Number of objects on the page. */
  listed: number
  /** Objects of a form that we can't read, in words. */
  unreadable: readonly string[]
  /** What differs or is missing on one side. It is fetched and converged, one by one. */
  toAsk: readonly ObjectToRecheck[]
  /** Where the step continues; null if it is done. */
  next: (Pick<RecheckState, 'after'> & Partial<Pick<RecheckState, 'before' | 'tied'>>) | null
}
