import type { CallingScope } from '../billing-scope.ts'
import { NoCustomer } from '../billing.errors.ts'
import { Customer } from '../customer.entity.ts'
import { offerAllPlans } from '../plans/offer-all-plans.ts'

/**
 * Opens the provider's page on which the caller looks after his plan, his cards and his invoices.
 *
 * @throws {NoCustomer} for someone who never went to pay. {PaymentProviderError}
 */
export async function openPortal(scope: CallingScope, { userId }: { userId: string }): Promise<{ url: string }> {
  const { em, billing } = scope
  const customer = await em.findOne(Customer, { user: userId })
  const providerCustomerId = customer?.providerCustomerId
  if (!providerCustomerId) throw new NoCustomer()

  await offerAllPlans(scope)
  const url = await billing.provider.openPortal({ providerCustomerId, returnUrl: billing.settings.portalReturnUrl })
  if (!url) throw new NoCustomer()
  return { url }
}
