import type { CallingScope } from '../billing-scope.ts'
import { Checkout } from '../checkout.entity.ts'
import { expireCheckout } from './expire-checkout.ts'

/**
 * Closes all of a customer's open payment pages.
 *
 * @throws {PaymentProviderError}
 */
export async function expireCheckouts(scope: CallingScope, { customerId }: { customerId: string }): Promise<void> {
  const open = await scope.em.find(Checkout, { customer: customerId, status: 'open' })
  for (const { id } of open) await expireCheckout(scope, id)
}

/**
 * Closes all payment pages on which a plan could still be bought; a plan that is on offer keeps them.
 *
 * @throws {PaymentProviderError}
 */
export async function expirePlanCheckouts(scope: CallingScope, { planId }: { planId: string }): Promise<void> {
  const open = await scope.em.find(Checkout, { price: { plan: { id: planId, status: 'retired' } }, status: 'open' })
  for (const { id } of open) await expireCheckout(scope, id)
}
