import type { BillingScope } from '../billing-scope.ts'
import { Customer } from '../customer.entity.ts'
import { billingEmail } from './ensure-customer.ts'
import { underLock } from './under-lock.ts'

/**
 * Gives the provider the user's current address. The job is retried until it succeeds.
 *
 * The address is read under the customer's lock. Otherwise, of two changes in a row, the call with the first address
 * could arrive last.
 *
 * @throws {PaymentProviderError}
 */
export async function updateCustomerEmail(scope: BillingScope, { userId }: { userId: string }): Promise<void> {
  const known = await scope.em.count(Customer, { user: userId, providerCustomerId: { $ne: null } })
  if (known === 0) return
  await underLock(scope, userId, async ({ billing }, { providerCustomerId, user }) => {
    const email = billingEmail(user.$.email)
    if (providerCustomerId && email) await billing.provider.updateCustomer({ providerCustomerId, email })
  })
}
