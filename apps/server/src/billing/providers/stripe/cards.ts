import { ProviderUnsupported } from '../../billing.errors.ts'
import type { CardProvider } from '../payment-provider.ts'

/** The part of the port for a cards page of our own. Stripe has its portal instead. */
export function createStripeCards(): CardProvider {
  const refuse = async (): Promise<never> => {
    throw new ProviderUnsupported()
  }
  return {
    fetchCards: refuse,
    makeCardPrimary: refuse,
    deleteCard: refuse,
    nameCardPage: refuse,
    prepareDebtPage: refuse,
    nameDebtPage: refuse,
    openCardPage: refuse,
    lookAtCardPage: async () => 'unpaid',
    finishCardPage: refuse,
    findCardPage: async () => null,
  }
}
