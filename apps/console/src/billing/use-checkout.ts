import { api } from '../api.ts'
import { rememberPurchase } from './begun-purchase.ts'
import { useDeparture } from './use-departure.ts'

interface Purchase {
  plan: { code: string; name: string }
  /** A first plan, or one that takes the place of a lower one. */
  as: 'subscribe' | 'upgrade'
}

/** Leads to the provider's page where a plan is paid. */
export function useCheckout() {
  return useDeparture(async ({ plan, as }: Purchase) => {
    const { checkoutUrl, sessionId } = await api.billing.subscriptions[as].mutate({ planCode: plan.code })
    rememberPurchase(sessionId, plan)
    return checkoutUrl
  })
}
