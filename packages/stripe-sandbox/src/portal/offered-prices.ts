import { featuresOfSession } from '../resources/portal-features.ts'
import type { Account } from '../state/account.ts'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { PortalSessionRow } from '../state/rows/checkout.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'

/** The prices that this subscription can be changed to: those on offer, but its own. */
export function offeredPrices(account: Account, session: PortalSessionRow, subscription: SubscriptionRow): PriceRow[] {
  const { enabled, products } = featuresOfSession(account, session).subscription_update
  if (!enabled || !isChangeable(subscription)) return []
  const own = new Set(subscription.items.map((item) => item.price))
  return products
    .flatMap((product) => product.prices)
    .map((id) => account.prices.get(id))
    .filter((price) => !own.has(price.id) && price.currency === subscription.currency)
}

/** A first payment comes before a change, and a cancellation is taken back first; what a schedule manages it alone changes. */
function isChangeable({ status, cancel_at, cancel_at_period_end, schedule }: SubscriptionRow): boolean {
  if (cancel_at !== null || cancel_at_period_end || schedule !== null) return false
  return status === 'active' || status === 'trialing' || status === 'past_due'
}
