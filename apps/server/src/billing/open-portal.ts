import type { BillingScope } from './billing-scope.ts'
import { NoCustomer } from './billing.errors.ts'
import { Customer } from './customer.entity.ts'

/**
 * Opens the provider's page on which the caller looks after his cards and invoices.
 *
 * @throws {NoCustomer} for someone who never went to pay. {PaymentProviderError}
 */
export async function openPortal(
  { em, billing }: BillingScope,
  { userId }: { userId: string },
): Promise<{ url: string }> {
  const customer = await em.findOne(Customer, { user: userId })
  const providerCustomerId = customer?.providerCustomerId
  if (!providerCustomerId) throw new NoCustomer()

  const url = await billing.provider.openPortal({ providerCustomerId, returnUrl: billing.settings.portalReturnUrl })
  if (!url) throw new NoCustomer()
  return { url }
}
