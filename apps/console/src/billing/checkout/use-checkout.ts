import { useAccountInput } from '../../accounts/use-account.ts'
import { api } from '../../api.ts'
import { rememberDeparture, rememberPurchase } from './departure-memory.ts'
import { useDeparture } from './use-departure.ts'

interface Purchase {
  plan: { code: string; name: string }
  /** A first subscription, an upgrade from a lower plan, or a switch from another provider's plan. */
  as: 'subscribe' | 'upgrade' | 'switch'
}

/** Opens the checkout page for a plan. */
export function useCheckout() {
  const account = useAccountInput()
  return useDeparture(async ({ plan, as }: Purchase) => {
    const { checkoutUrl, sessionId } = await api.billing.subscriptions[as].mutate({ ...account, planCode: plan.code })
    rememberDeparture(account)
    rememberPurchase(sessionId, { ...plan, ...account })
    return checkoutUrl
  })
}
