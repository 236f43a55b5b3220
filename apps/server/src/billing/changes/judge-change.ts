import { AlreadyCanceling, CurrencyMismatch, PaymentDue, ProviderUnsupported } from '../billing.errors.ts'
import type { Plan } from '../plan.entity.ts'
import { isUpgrade } from '../plans/is-upgrade.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import type { LiveSubscription } from '../subscriptions/live-subscription.ts'

/** When a change takes effect: an upgrade at once; `none` is to the plan that there is already. */
export type ChangeTiming = 'at_once' | 'at_period_end' | 'none'

/**
 * Judges a move of a running subscription to another plan.
 *
 * @throws {ProviderUnsupported} a grant. {AlreadyCanceling} {PaymentDue} {CurrencyMismatch}
 */
export function judgeChange(subscription: LiveSubscription, plan: Plan): ChangeTiming {
  const { provider, cancelAtPeriodEnd, currency, priceCents, billingPeriod } = subscription
  if (!CAPABILITIES[provider].changesPlans) throw new ProviderUnsupported()
  if (cancelAtPeriodEnd) throw new AlreadyCanceling()
  if (subscription.plan.id === plan.id) return 'none'
  if (subscription.owes()) throw new PaymentDue()
  if (currency !== plan.currency) throw new CurrencyMismatch()
  const { tier } = subscription.plan.$
  return isUpgrade({ tier, priceCents, billingPeriod }, plan) ? 'at_once' : 'at_period_end'
}
