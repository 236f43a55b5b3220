import { boundary } from '../../billing/periods.ts'
import { recurrenceOf } from '../../billing/recurring-price.ts'
import { invalidRequest } from '../../http/errors.ts'
import type { Account } from '../../state/account.ts'
import type { ItemRow } from '../../state/rows/subscription.ts'
import { DAY } from '../../time.ts'

/**
 * Checks that the time up to the anchor is not longer than a period.
 *
 * @param start when the first period begins: now, or at the end of the trial.
 * @throws {StripeApiError} 400 if the anchor is after the first natural billing date of an item.
 * @see https://github.com/stripe/stripe-java/issues/454
 */
export function checkAnchor(
  account: Account,
  items: readonly Pick<ItemRow, 'price'>[],
  { anchor, start, param }: { anchor: number | null | undefined; start: number; param: string },
): void {
  if (anchor === null || anchor === undefined) return
  const recurring = items.filter(({ price }) => account.prices.get(price).recurring !== null)
  const latest = Math.min(...recurring.map((item) => boundary(start, recurrenceOf(account, item), 1)))
  if (anchor > latest)
    throw invalidRequest(`billing_cycle_anchor cannot be later than next natural billing date (${latest}) for plan`, {
      param,
    })
}

/**
 * Checks the end of a trial.
 *
 * @throws {StripeApiError} 400 unless it is in the next two years.
 * @see https://docs.stripe.com/api/subscriptions/create#create_subscription-trial_end
 */
export function checkTrialEnd(trialEnd: number | 'now' | null | undefined, now: number, param: string): void {
  if (typeof trialEnd !== 'number') return
  if (trialEnd <= now)
    throw invalidRequest('Invalid timestamp: must be an integer Unix timestamp in the future.', { param })
  if (trialEnd > now + 730 * DAY)
    throw invalidRequest('The maximum number of trial period days is 730 (2 years).', { param })
}
