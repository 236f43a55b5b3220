import { useAccountInput } from '../../accounts/use-account.ts'
import { api } from '../../api.ts'
import type { Plan } from '../plans/plan-card.tsx'
import { rememberDeparture, rememberPurchase } from './departure-memory.ts'
import { useDeparture } from './use-departure.ts'
import { usePromotionCode } from './use-promotion-code.ts'

interface Purchase {
  /** At the price that is shown. */
  plan: Plan
  /** A first subscription, an upgrade from a lower plan, or a switch from another provider's plan. */
  as: 'subscribe' | 'upgrade' | 'switch'
}

/** Opens the checkout page for a plan. */
export function useCheckout() {
  const account = useAccountInput()
  const promotionCode = usePromotionCode()
  return useDeparture(async ({ plan, as }: Purchase) => {
    const { subscriptions } = api.billing
    const input = { ...account, planCode: plan.code, billingPeriod: plan.billingPeriod, currency: plan.currency }
    // A discount does not move to another provider.
    const { checkoutUrl, sessionId } = await (as === 'switch'
      ? subscriptions.switch.mutate(input)
      : subscriptions[as].mutate({ ...input, ...(promotionCode && { promotionCode }) }))
    rememberDeparture(account)
    rememberPurchase(sessionId, { ...plan, ...account })
    return checkoutUrl
  })
}
