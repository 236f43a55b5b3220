import { configuredAnchor, monthsOf } from '../billing/anchor-config.ts'
import { periodAround } from '../billing/periods.ts'
import { recurrenceOf } from '../billing/recurring-price.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'

/**
 * Computes how much of a session's first period is left until the billing cycle anchor, if it has one. A page that is
 * still open when the anchor has passed sells the full period after it.
 *
 * @see https://docs.stripe.com/payments/checkout/billing-cycle
 */
export function withFirstShare(account: Account, session: CheckoutSessionRow): CheckoutSessionRow {
  const { subscription_data: data, customer, lines } = session
  const { anchorConfig = null, billing_cycle_anchor: time, trial_end, trial_period_days } = data
  const line = lines.find(({ price }) => account.prices.get(price).recurring !== null)
  if ((time === null && anchorConfig === null) || trial_end !== null || trial_period_days !== null || !line)
    return session
  const now = account.nowOf(customer)
  const recurrence = recurrenceOf(account, line)
  const anchor = anchorConfig
    ? configuredAnchor(anchorConfig, now, monthsOf(recurrence) ?? 1).billing_cycle_anchor
    : (time ?? now)
  const whole = periodAround(anchor, recurrence, now)
  const part = data.proration_behavior === 'none' ? 0 : whole.end - now
  const firstShare = anchorConfig === null && anchor <= now ? undefined : { part, whole: whole.end - whole.start }
  return account.checkoutSessions.patch(session.id, { subscription_data: { ...data, firstShare } })
}
