import { ProviderUnsupported } from '../../billing.errors.ts'
import type { DetailsProvider } from '../provider-details.ts'

/** The part of the port for billing details, which Paymob does not have. */
export function createPaymobDetails(): DetailsProvider {
  const refuse = async (): Promise<never> => {
    throw new ProviderUnsupported()
  }
  return {
    fetchDetails: refuse,
    updateDetails: refuse,
    findTaxProblems: async () => [],
    sendsReceipts: async () => null,
  }
}
