import type { BillingScope } from './billing-scope.ts'
import { Checkout } from './checkout.entity.ts'

/**
 * Closes all of a customer's open payment pages.
 *
 * @throws {PaymentProviderError}
 */
export async function expireCheckouts(
  { em, billing }: BillingScope,
  { customerId }: { customerId: string },
): Promise<void> {
  const open = await em.find(Checkout, { customer: customerId, status: 'open' })
  for (const { id, providerSessionId } of open) {
    if (providerSessionId) await billing.provider.expireCheckout(providerSessionId)
    const page = providerSessionId ? await billing.provider.fetchCheckout(providerSessionId) : null
    const status = page?.status === 'complete' ? 'complete' : 'expired'
    await em.nativeUpdate(Checkout, { id, status: 'open' }, { status })
  }
}
