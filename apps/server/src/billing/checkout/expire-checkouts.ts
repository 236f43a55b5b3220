import type { CallingScope } from '../billing-scope.ts'
import { Checkout } from '../checkout.entity.ts'
import { expireCheckout } from './expire-checkout.ts'

/**
 * Expires all open checkout pages of a customer.
 *
 * @throws {PaymentProviderError}
 */
export async function expireCheckouts(scope: CallingScope, { customerId }: { customerId: string }): Promise<void> {
  const open = await scope.em.find(Checkout, { customer: customerId, status: 'open' })
  for (const { id } of open) await expireCheckout(scope, id)
}

/**
 * Expires all open checkout pages of a retired plan. A plan that is on offer keeps its pages.
 *
 * @throws {PaymentProviderError}
 */
export async function expirePlanCheckouts(scope: CallingScope, { planId }: { planId: string }): Promise<void> {
  const open = await scope.em.find(Checkout, { price: { plan: { id: planId, status: 'retired' } }, status: 'open' })
  for (const { id } of open) await expireCheckout(scope, id)
}
