import { Busy } from '../../platform/limits/limits.errors.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { Checkout } from '../checkout.entity.ts'

/** A checkout gets its session only once, so the second attempt finds it. */
const ATTEMPTS = 2

/**
 * Expires one checkout page, here and at the provider. A page that has expired or is paid already stays as it is. If
 * another call is creating the page right now, that call checks afterwards whether the page is still wanted.
 *
 * @throws {PaymentProviderError}
 */
export async function expireCheckout(scope: CallingScope, id: string): Promise<void> {
  const { em } = scope
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const checkout = await em.findOne(Checkout, { id, status: 'open' }, { refresh: true, populate: ['customer'] })
    if (!checkout) return
    const { billing } = atProvider(scope, checkout.customer.$.provider)
    const { providerSessionId } = checkout
    if (providerSessionId) await billing.provider.expireCheckout(providerSessionId)
    const page = providerSessionId ? await billing.provider.fetchCheckout(providerSessionId) : null
    const status = page?.status === 'complete' ? 'complete' : 'expired'
    const expired = await em.nativeUpdate(Checkout, { id, status: 'open', providerSessionId }, { status })
    if (expired > 0) return
  }
  throw new Busy()
}
