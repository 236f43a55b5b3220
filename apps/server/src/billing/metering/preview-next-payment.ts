import { atProvider, isConfigured, type CallingScope } from '../billing-scope.ts'
import { OveragePrice } from '../overage-price.entity.ts'
import type { NextPayment } from '../overage.schemas.ts'
import { Subscription } from '../subscription.entity.ts'

/**
 * Asks the provider what an account's next regular payment is, with what was used above limits so far.
 *
 * @returns null if no payment is to come, or its provider can't tell.
 * @throws {PaymentProviderError}
 */
export async function previewNextPayment(
  scope: CallingScope,
  { accountId }: { accountId: string },
): Promise<NextPayment | null> {
  const { em } = scope
  const live = { account: accountId, status: { $ne: 'canceled' } } as const
  const subscription = await em.findOne(Subscription, live)
  const id = subscription?.providerSubscriptionId
  if (!id || !isConfigured(scope, subscription.provider)) return null
  const next = await atProvider(scope, subscription.provider).billing.provider.previewNextInvoice(id)
  if (!next) return null
  const prices = await em.find(OveragePrice, { providerPriceId: { $in: next.usage.map(({ priceId }) => priceId) } })
  const overage = next.usage.flatMap(({ priceId, units, amountCents }) => {
    const price = prices.find(({ providerPriceId }) => providerPriceId === priceId)
    return price && units > 0 ? [{ feature: price.feature, units, amountCents }] : []
  })
  const { at, amountCents, currency } = next
  return { at, amountCents, currency, overage }
}
