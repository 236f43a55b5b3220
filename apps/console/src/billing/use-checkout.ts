import { api } from '../api.ts'
import { rememberPurchase } from './begun-purchase.ts'
import { useDeparture } from './use-departure.ts'

interface Purchase {
  plan: { code: string; name: string }
  /** A first subscription, or an upgrade from a lower plan. */
  as: 'subscribe' | 'upgrade'
}

/** Opens the checkout page for a plan. */
export function useCheckout() {
  return useDeparture(async ({ plan, as }: Purchase) => {
    const { checkoutUrl, sessionId } = await api.billing.subscriptions[as].mutate({ planCode: plan.code })
    rememberPurchase(sessionId, plan)
    return checkoutUrl
  })
}
