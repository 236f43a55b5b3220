import type { CallingScope } from '../billing-scope.ts'
import { NoCustomer } from '../billing.errors.ts'
import { forgetDeletedCustomer } from '../converge/forget-deleted-customer.ts'
import { Customer } from '../customer.entity.ts'
import { ensureCustomer, type Payer } from '../customers/ensure-customer.ts'
import { offerAllPlans } from '../plans/offer-all-plans.ts'

/**
 * Opens the provider's portal, where the caller manages the plan, the cards, and the invoices. If the provider has
 * deleted the customer, opens the portal of a new one.
 *
 * @throws {NoCustomer} if the user never opened a checkout page.
 * @throws {PaymentProviderError}
 */
export async function openPortal(scope: CallingScope, payer: Payer): Promise<{ url: string }> {
  const customer = await scope.em.findOne(Customer, { user: payer.userId })
  // A customer of a higher generation was deleted before.
  if (!customer?.providerCustomerId && !customer?.generation) throw new NoCustomer()

  await offerAllPlans(scope)
  const url = (await tryPortal(scope, payer)) ?? (await tryPortal(scope, payer))
  if (!url) throw new NoCustomer()
  return { url }
}

/** @returns null if the provider had deleted the customer. By then, it is forgotten here. */
async function tryPortal(scope: CallingScope, payer: Payer): Promise<string | null> {
  const { provider, settings } = scope.billing
  const { providerCustomerId } = await ensureCustomer(scope, payer)
  const url = await provider.openPortal({ providerCustomerId, returnUrl: settings.portalReturnUrl })
  if (!url) await forgetDeletedCustomer(scope, { userId: payer.userId, providerCustomerId })
  return url
}
