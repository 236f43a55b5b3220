import type { CallingScope } from '../billing-scope.ts'
import { underLock } from '../customers/under-lock.ts'
import { forgetCustomer } from './forget-customer.ts'

/**
 * Forgets a customer that the provider does not know any more, although no event has told us. The next call creates a
 * new one. Does nothing if another call has forgotten it already.
 *
 * @throws {PaymentProviderError}
 */
export async function forgetDeletedCustomer(
  scope: CallingScope,
  { userId, providerCustomerId }: { userId: string; providerCustomerId: string },
): Promise<void> {
  await underLock(scope, userId, (locked, customer) => forgetCustomer(locked, customer, { providerCustomerId }))
}
