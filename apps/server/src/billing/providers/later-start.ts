/** When a subscription that was bought to begin later does so. */
export interface LaterStart {
  /** When it begins, or began. A provider that counts in dates rounds it down to the date. */
  at: Date
  /** Whether it has begun, so that something may have been collected. One that ended before never begins. */
  hasBegun: boolean
}
