import { ProviderUnsupported } from '../../billing.errors.ts'
import type { PaymentProvider } from '../payment-provider.ts'
import { customerIdOf } from './references.ts'

/** The part of the port for customers. Paymob has none: their ids are ours, and stand in each payment's reference. */
export function createPaymobCustomers(): Pick<
  PaymentProvider,
  'ensureCustomer' | 'updateCustomer' | 'fetchCredit' | 'hasCustomer' | 'openPortal'
> {
  return {
    ensureCustomer: async ({ key }) => customerIdOf(key),
    // The address of the next payment is read when its page is opened.
    updateCustomer: async () => {},
    fetchCredit: async () => [],
    // No one can delete them at Paymob.
    hasCustomer: async () => true,
    openPortal: async () => {
      throw new ProviderUnsupported()
    },
  }
}
