import type { CallingScope } from '../billing-scope.ts'
import { Checkout } from '../checkout.entity.ts'

/**
 * Closes one payment page, here and at the provider; one that is closed or paid already stays as it is. One that is just
 * being made is closed by whoever makes it, who looks afterwards whether it is still wanted.
 *
 * @throws {PaymentProviderError}
 */
export async function expireCheckout({ em, billing }: CallingScope, id: string): Promise<void> {
  for (;;) {
    const checkout = await em.findOne(Checkout, { id, status: 'open' }, { refresh: true })
    if (!checkout) return
    const { providerSessionId } = checkout
    if (providerSessionId) await billing.provider.expireCheckout(providerSessionId)
    const page = providerSessionId ? await billing.provider.fetchCheckout(providerSessionId) : null
    const status = page?.status === 'complete' ? 'complete' : 'expired'
    const closed = await em.nativeUpdate(Checkout, { id, status: 'open', providerSessionId }, { status })
    if (closed > 0) return
  }
}
