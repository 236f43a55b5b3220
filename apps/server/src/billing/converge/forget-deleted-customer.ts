import type { CallingScope } from '../billing-scope.ts'
import { underLock } from '../customers/under-lock.ts'
import { forgetCustomer } from './forget-customer.ts'

/**
 * Forgets a customer that was deleted at the provider, if the event about it never arrived. The next call creates a new
 * customer. Does nothing if another call has already forgotten it.
 *
 * @throws {PaymentProviderError}
 */
export async function forgetDeletedCustomer(
  scope: CallingScope,
  { accountId, providerCustomerId }: { accountId: string; providerCustomerId: string },
): Promise<void> {
  await underLock(scope, accountId, (locked, customer) => forgetCustomer(locked, customer, { providerCustomerId }))
}
