import { featuresOfSession } from '../resources/portal-features.ts'
import type { Account } from '../state/account.ts'
import { hasCurrency, inCurrency } from '../state/price-in.ts'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { PortalSessionRow } from '../state/rows/checkout.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'

/** The prices that a subscription can be changed to: those that the portal offers, except its own. */
export function offeredPrices(account: Account, session: PortalSessionRow, subscription: SubscriptionRow): PriceRow[] {
  const { allowed_updates: allowed, enabled, products } = featuresOfSession(account, session).subscription_update
  if (!enabled || (allowed && !allowed.includes('price')) || !isChangeable(subscription)) return []
  const own = new Set(subscription.items.map((item) => item.price))
  return products
    .flatMap((product) => product.prices)
    .map((id) => account.prices.get(id))
    .filter((price) => !own.has(price.id) && hasCurrency(price, subscription.currency))
    .map((price) => inCurrency(price, subscription.currency))
}

/** No changes before the first payment, while the subscription is set to cancel, or while a schedule manages it. */
function isChangeable({ status, cancel_at, cancel_at_period_end, schedule }: SubscriptionRow): boolean {
  if (cancel_at !== null || cancel_at_period_end || schedule !== null) return false
  return status === 'active' || status === 'trialing' || status === 'past_due'
}
