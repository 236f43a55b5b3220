import type { CallingScope } from '../billing-scope.ts'
import type { PaymentProvider } from '../providers/payment-provider.ts'
import { underLock } from './under-lock.ts'

/**
 * Makes a change at the provider. One without idempotency keys keeps notes about its changes, and two at once could lose
 * one of the notes. So there, the change has the account's lock.
 *
 * @throws whatever the call throws.
 */
export async function aloneAtProvider<T>(
  scope: CallingScope,
  accountId: string,
  call: (provider: PaymentProvider) => Promise<T>,
): Promise<T> {
  const { provider } = scope.billing
  if (provider.capabilities.idempotencyKeys) return call(provider)
  return underLock(scope, accountId, ({ billing }) => call(billing.provider))
}
