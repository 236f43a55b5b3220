import type { CallingScope } from '../billing-scope.ts'
import { NoCustomer } from '../billing.errors.ts'
import { forgetDeletedCustomer } from '../converge/forget-deleted-customer.ts'
import { Customer } from '../customer.entity.ts'
import { ensureCustomer } from '../customers/ensure-customer.ts'
import { offerAllPlans } from '../plans/offer-all-plans.ts'

/**
 * Opens the provider's portal, where the caller manages the plan, the cards, and the invoices. If the provider has
 * deleted the customer, opens the portal of a new one.
 *
 * @throws {NoCustomer} if the account never opened a checkout page.
 * @throws {PaymentProviderError}
 */
export async function openPortal(scope: CallingScope, { accountId }: { accountId: string }): Promise<{ url: string }> {
  const customer = await scope.em.findOne(Customer, { account: accountId })
  // A customer of a higher generation was deleted before.
  if (!customer?.providerCustomerId && !customer?.generation) throw new NoCustomer()

  await offerAllPlans(scope)
  const url = (await tryPortal(scope, accountId)) ?? (await tryPortal(scope, accountId))
  if (!url) throw new NoCustomer()
  return { url }
}

/** @returns null if the provider had deleted the customer. By then, it is forgotten here. */
async function tryPortal(scope: CallingScope, accountId: string): Promise<string | null> {
  const { provider, settings } = scope.billing
  const { providerCustomerId } = await ensureCustomer(scope, accountId)
  const url = await provider.openPortal({ providerCustomerId, returnUrl: settings.portalReturnUrl })
  if (!url) await forgetDeletedCustomer(scope, { accountId, providerCustomerId })
  return url
}
