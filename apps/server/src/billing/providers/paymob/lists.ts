import { ProviderUnsupported } from '../../billing.errors.ts'
import type { PaymentProvider } from '../payment-provider.ts'

/** The part of the port for whole lists. Paymob has none of payments and refunds, so each object is asked for. */
export function createPaymobLists(): Pick<
  PaymentProvider,
  'listSubscriptions' | 'listInvoices' | 'listRefunds' | 'listDisputes'
> {
  const refuse = async (): Promise<never> => {
    throw new ProviderUnsupported()
  }
  return { listSubscriptions: refuse, listInvoices: refuse, listRefunds: refuse, listDisputes: refuse }
}
