import { DAY, HOUR } from './time.ts'

/** What a Stripe account sets in its dashboard under Billing; here options of the sandbox and `PUT /_/settings`. */
export interface Settings {
  /** Days from each failed automatic attempt to the next; when they are used up, {@link afterRetries} happens. */
  readonly retryAfterDays: readonly number[]
  /** What becomes of a subscription whose renewal failed for good. */
  readonly afterRetries: 'cancel' | 'mark_unpaid' | 'leave_past_due'
  /** Seconds that a renewal's draft waits until it is finalized and charged. */
  readonly finalizeAfter: number
  /** Seconds until a first payment that was never made ends an incomplete subscription. */
  readonly incompleteExpiresAfter: number
  /** Seconds before the end of a trial at which `trial_will_end` is sent. */
  readonly trialWillEndBefore: number
  /** Whether customers may change plans in the portal, among all prices on sale; configurations made by the API say so themselves. */
  readonly portalPlanChanges: boolean
}

/**
 * Stripe's defaults: eight tries in two weeks (Smart Retries; the real ones choose their moments by learning, these are evenly spread),
 * an hour's wait, 23 hours, three days.
 */
export const DEFAULT_SETTINGS: Settings = {
  retryAfterDays: [1, 1, 2, 2, 2, 2, 2, 2],
  afterRetries: 'cancel',
  finalizeAfter: HOUR,
  incompleteExpiresAfter: 23 * HOUR,
  trialWillEndBefore: 3 * DAY,
  portalPlanChanges: true,
}
