import { ProviderUnsupported } from '../../billing.errors.ts'
import type { MeteringProvider } from '../payment-provider.ts'

/** Paymob charges fixed amounts only. */
export function createPaymobMetering(): MeteringProvider {
  const unsupported = async (): Promise<never> => {
    throw new ProviderUnsupported()
  }
  return {
    ensureOveragePrice: unsupported,
    setOverage: unsupported,
    reportUsage: unsupported,
    billUsage: unsupported,
    previewNextInvoice: async () => null,
  }
}
