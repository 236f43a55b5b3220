import type { Bell } from '../platform/database/bell.ts'

/** What events get at start and keep for the life of the process. */
export interface EventsDeps {
  /** Rings when a change has been committed that is recorded as an event. */
  readonly bell: Bell
  /**
   * Gives every event that was committed before this call its place in the feed. Calls at the same time share one run.
   */
  sequence(): Promise<void>
}
