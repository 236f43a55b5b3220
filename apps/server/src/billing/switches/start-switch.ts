import type { CallingScope } from '../billing-scope.ts'
import type { CheckoutView, SubscribeInput } from '../billing.schemas.ts'
import { openCheckout, type Buyer } from '../checkout/open-checkout.ts'
import { findSwitch } from './find-switch.ts'

/**
 * Opens the checkout page on which a plan of another provider is bought. Nothing is due there: the card is saved, and the
 * new plan begins when the present one's paid time ends. The present one stays as it is until the page is done.
 *
 * @throws what {@link findSwitch} refuses.
 * @throws {CurrencyMismatch}
 * @throws {PaymentProviderError}
 */
export async function startSwitch(scope: CallingScope, buyer: Buyer, input: SubscribeInput): Promise<CheckoutView> {
  return openCheckout(scope, buyer, async () => {
    const { plan, offer, members, startsAt } = await findSwitch(scope, { ...input, accountId: buyer.accountId })
    return { plan, offer, members, startsAt, upgradeFrom: null, leavesSeats: false }
  })
}
