/** What a subscription's row says about its end. */
export interface EndColumns {
  cancelAt?: Date | null | undefined
  cancelAtPeriodEnd: boolean
  currentPeriodEnd: Date
}

/**
 * When a subscription is set to end; null if it renews for as long as it is paid.
 *
 * A program of an earlier version sets only the flag. It leaves a date that no longer counts: one within the period
 * without the flag, or one after the period with it.
 */
export function plannedEnd({ cancelAt, cancelAtPeriodEnd, currentPeriodEnd }: EndColumns): Date | null {
  if (cancelAtPeriodEnd) return cancelAt && cancelAt < currentPeriodEnd ? cancelAt : currentPeriodEnd
  return cancelAt && cancelAt > currentPeriodEnd ? cancelAt : null
}
