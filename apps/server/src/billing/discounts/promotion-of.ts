import type { CallingScope } from '../billing-scope.ts'
import { ProviderUnsupported } from '../billing.errors.ts'
import { Customer } from '../customer.entity.ts'
import type { ProviderCustomer } from '../customers/ensure-customer.ts'
import { CodeNotValid } from '../discount.errors.ts'
import type { SellablePrice } from '../plans/ensure-plan-price.ts'
import { costOfMembers } from '../plans/seat-terms.ts'

/** A purchase for which a promotion code is to be redeemed. */
export interface PromotedPurchase {
  code: string | undefined
  providerCustomerId: ProviderCustomer['providerCustomerId']
  price: SellablePrice
  quantity: number | null
}

/**
 * Finds the promotion code of a purchase at the scope's provider.
 *
 * @returns the code's id there; null without a code.
 * @throws {ProviderUnsupported} if the provider has no discounts.
 * @throws {CodeNotValid}
 * @throws {PaymentProviderError}
 */
export async function promotionOf(
  { billing: { provider } }: CallingScope,
  { code, providerCustomerId, price, quantity }: PromotedPurchase,
): Promise<string | null> {
  if (code === undefined) return null
  if (!provider.capabilities.discounts)
    throw new ProviderUnsupported('Promotion codes do not work with this plan. Leave the code out.')
  const { productId, currency, priceCents, seats } = price
  const amountCents = seats ? costOfMembers(priceCents, seats, quantity ?? 1) : priceCents * (quantity ?? 1)
  return provider.findPromotionCode({ code, customerId: providerCustomerId, productId, currency, amountCents })
}

/** A change of plan for which a promotion code is to be redeemed. */
export interface PromotedChange extends Pick<PromotedPurchase, 'price' | 'quantity'> {
  accountId: string
  /** Null without a code. */
  promotionCode: string | null
  timing: 'none' | 'at_once' | 'at_period_end'
}

/**
 * Finds the promotion code of a change of plan. A change that waits for the period's end redeems none.
 *
 * @returns the code's id there; null without a code.
 * @throws {ProviderUnsupported} if the provider has no discounts.
 * @throws {CodeNotValid}
 * @throws {PaymentProviderError}
 */
export async function promotionOfChange(
  scope: CallingScope,
  { accountId, promotionCode, timing, ...purchase }: PromotedChange,
): Promise<string | null> {
  if (promotionCode === null) return null
  const { em, billing } = scope
  const customer = await em.findOne(Customer, { account: accountId, provider: billing.provider.name })
  const providerCustomerId = customer?.providerCustomerId ?? ''
  const promotionCodeId = await promotionOf(scope, { ...purchase, code: promotionCode, providerCustomerId })
  if (timing !== 'at_once') throw new CodeNotValid('later-change')
  return promotionCodeId
}
