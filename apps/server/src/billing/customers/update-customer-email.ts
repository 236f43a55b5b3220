import { listOwnedAccounts } from '../../accounts/index.ts'
import { atProvider, isConfigured, type BillingScope } from '../billing-scope.ts'
import { Customer } from '../customer.entity.ts'
import { readContact } from './read-contact.ts'
import { underLock } from './under-lock.ts'

/**
 * Gives the provider a user's current address for all accounts that the user stands for. The job is retried until it
 * succeeds.
 *
 * @throws {PaymentProviderError}
 */
export async function updateCustomerEmail(scope: BillingScope, { userId }: { userId: string }): Promise<void> {
  for (const accountId of await listOwnedAccounts(scope.em, userId)) await updateAccountEmail(scope, { accountId })
}

/**
 * Gives the provider the address of an account, for example when its longest-standing owner is another one. Otherwise the
 * provider's own mails would go on to a person who has left.
 *
 * The address is read under the customer's lock. Otherwise, of two changes in a row, the call with the first address
 * could arrive last.
 *
 * @throws {PaymentProviderError}
 */
export async function updateAccountEmail(scope: BillingScope, { accountId }: { accountId: string }): Promise<void> {
  const known = await scope.em.find(Customer, { account: accountId, providerCustomerId: { $ne: null } })
  for (const { provider } of known) {
    if (!isConfigured(scope, provider)) continue
    await underLock(atProvider(scope, provider), accountId, async ({ em, billing }, { providerCustomerId }) => {
      const { email } = await readContact(em, accountId)
      if (providerCustomerId && email) await billing.provider.updateCustomer({ providerCustomerId, email })
    })
  }
}
