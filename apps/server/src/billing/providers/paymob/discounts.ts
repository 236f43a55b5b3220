import { ProviderUnsupported } from '../../billing.errors.ts'
import type { DiscountProvider } from '../payment-provider.ts'

/** The part of the port for discounts, which Paymob does not have. */
export function createPaymobDiscounts(): DiscountProvider {
  const refuse = async (): Promise<never> => {
    throw new ProviderUnsupported()
  }
  return {
    ensureDiscount: refuse,
    endDiscount: refuse,
    countRedemptions: refuse,
    findPromotionCode: refuse,
    addDiscount: refuse,
    readScheduledCodes: async () => [],
    keepDiscounts: refuse,
  }
}
