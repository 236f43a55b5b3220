import { atProvider, type CallingScope } from '../billing-scope.ts'
import { PaymentProviderError, ProviderUnsupported } from '../billing.errors.ts'
import { forgetDeletedCustomer } from '../converge/forget-deleted-customer.ts'
import { Customer } from '../customer.entity.ts'
import { ensureCustomer } from '../customers/ensure-customer.ts'
import { underLock } from '../customers/under-lock.ts'
import type { BillingDetailsView, UpdateDetailsInput } from '../details.schemas.ts'
import { DEFAULT_PROVIDER } from '../provider.schemas.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { findLiveSubscription } from '../subscriptions/live-subscription.ts'

const NOTHING: BillingDetailsView = { name: null, address: null, taxIds: [] }

/**
 * Reads who an account's invoices are made out to. The provider keeps that, so each call asks it.
 *
 * @throws {ProviderUnsupported} if the provider of the account's subscription keeps no details.
 * @throws {PaymentProviderError}
 */
export async function readBillingDetails(
  caller: CallingScope,
  { accountId }: { accountId: string },
): Promise<BillingDetailsView> {
  const scope = await atKeeper(caller, accountId)
  const { provider } = scope.billing
  const customer = await scope.em.findOne(Customer, { account: accountId, provider: provider.name })
  const details = customer?.providerCustomerId ? await provider.fetchDetails(customer.providerCustomerId) : null
  return details ? { ...details, taxIds: [...details.taxIds] } : NOTHING
}

/**
 * Changes who an account's invoices are made out to, from the next invoice on. Taxes follow the new address, so a preview
 * of before is no longer valid if its amounts change.
 *
 * @throws {ProviderUnsupported} if the provider of the account's subscription keeps no details.
 * @throws {InvalidInput} for an address or a number that the provider refuses; nothing has changed.
 * @throws {PaymentProviderError}
 */
export async function updateBillingDetails(
  caller: CallingScope,
  { accountId, ...changes }: UpdateDetailsInput & { accountId: string },
): Promise<BillingDetailsView> {
  const scope = await atKeeper(caller, accountId)
  const isDone = (await tryUpdate(scope, accountId, changes)) || (await tryUpdate(scope, accountId, changes))
  if (!isDone) throw new PaymentProviderError()
  return readBillingDetails(scope, { accountId })
}

/** @returns false if the provider had deleted the customer. By then, it is forgotten here. */
async function tryUpdate(scope: CallingScope, accountId: string, changes: UpdateDetailsInput): Promise<boolean> {
  const { providerCustomerId } = await ensureCustomer(scope, accountId)
  // Two calls at once could each remove the other's tax ids.
  const isKnown = await underLock(scope, accountId, ({ billing }) =>
    billing.provider.updateDetails(providerCustomerId, changes),
  )
  if (!isKnown) await forgetDeletedCustomer(scope, { accountId, providerCustomerId })
  return isKnown
}

/** The provider of the account's subscription, or else the default one. */
async function atKeeper(caller: CallingScope, accountId: string): Promise<CallingScope> {
  const live = await findLiveSubscription(caller.em, accountId)
  const name = live && live.provider !== 'manual' ? live.provider : DEFAULT_PROVIDER
  if (!CAPABILITIES[name].tax)
    throw new ProviderUnsupported('Your payment provider keeps no billing details. Contact support for an invoice.')
  return atProvider(caller, name)
}
