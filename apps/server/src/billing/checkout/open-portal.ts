import { atProvider, type CallingScope } from '../billing-scope.ts'
import { NoCustomer, ProviderUnsupported } from '../billing.errors.ts'
import { forgetDeletedCustomer } from '../converge/forget-deleted-customer.ts'
import { Customer } from '../customer.entity.ts'
import { ensureCustomer } from '../customers/ensure-customer.ts'
import { offerAllPlans } from '../plans/offer-all-plans.ts'
import { PROVIDER_LABELS, type ProviderName } from '../provider.schemas.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { findLiveSubscription } from '../subscriptions/live-subscription.ts'

/**
 * Opens the provider's portal, where the caller manages the plan, the cards, and the invoices. If the provider has
 * deleted the customer, opens the portal of a new one.
 *
 * @throws {ProviderUnsupported} if the provider has no portal.
 * @throws {NoCustomer} if the account never opened a checkout page.
 * @throws {PaymentProviderError}
 */
export async function openPortal(caller: CallingScope, { accountId }: { accountId: string }): Promise<{ url: string }> {
  // A customer of a higher generation was deleted before.
  const known = await caller.em.find(Customer, {
    account: accountId,
    $or: [{ providerCustomerId: { $ne: null } }, { generation: { $gt: 0 } }],
  })
  const [first] = known.toSorted((one, other) => Number(hasPortal(other)) - Number(hasPortal(one)))
  if (!first) throw new NoCustomer()

  // If the account has paid at several providers, the one of the live subscription decides, or else one with a portal.
  const live = known.length > 1 ? await findLiveSubscription(caller.em, accountId) : null
  const scope = atProvider(caller, live?.provider ?? first.provider)
  const { capabilities, name } = scope.billing.provider
  if (!capabilities.portal) throw new ProviderUnsupported(noPortal(name))

  await offerAllPlans(scope)
  const url = (await tryPortal(scope, accountId)) ?? (await tryPortal(scope, accountId))
  if (!url) throw new NoCustomer()
  return { url }
}

const hasPortal = ({ provider }: { provider: ProviderName }): boolean => CAPABILITIES[provider].portal

const noPortal = (name: ProviderName) =>
  `${PROVIDER_LABELS[name]} has no page for cards and invoices. Cancel or change your subscription here instead.`

/** @returns null if the provider had deleted the customer. By then, it is forgotten here. */
async function tryPortal(scope: CallingScope, accountId: string): Promise<string | null> {
  const { provider, settings } = scope.billing
  const { providerCustomerId } = await ensureCustomer(scope, accountId)
  const url = await provider.openPortal({ providerCustomerId, returnUrl: settings.portalReturnUrl })
  if (!url) await forgetDeletedCustomer(scope, { accountId, providerCustomerId })
  return url
}
