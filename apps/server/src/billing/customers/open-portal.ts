import type { CallingScope } from '../billing-scope.ts'
import { NoCustomer } from '../billing.errors.ts'
import { Customer } from '../customer.entity.ts'
import { offerAllPlans } from '../plans/offer-all-plans.ts'

/**
 * Opens the provider's portal, where the caller manages the plan, the cards, and the invoices.
 *
 * @throws {NoCustomer} if the user never opened a checkout page, or the provider has deleted the customer.
 * @throws {PaymentProviderError}
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
