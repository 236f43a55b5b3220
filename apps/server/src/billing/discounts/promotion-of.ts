import type { CallingScope } from '../billing-scope.ts'
import { ProviderUnsupported } from '../billing.errors.ts'
import { Customer } from '../customer.entity.ts'
import type { ProviderCustomer } from '../customers/ensure-customer.ts'
import { CodeNotValid } from '../discount.errors.ts'
import type { SellablePrice } from '../plans/ensure-plan-price.ts'
import { costOfMembers } from '../plans/seat-terms.ts'
import { bringCodeToAccount } from './ensure-at-account.ts'

/** A purchase for which a promotion code is to be redeemed. */
export interface PromotedPurchase {
  code: string | undefined
  providerCustomerId: ProviderCustomer['providerCustomerId']
  price: SellablePrice
  quantity: number | null
  /** When it is redeemed; null for at once. */
  redeemedAt?: Date | null
}

/**
 * Finds the promotion code of a purchase at the scope's provider. One that an admin has made while the key belonged to
 * another account is made again in the present one.
 *
 * @returns the code's id there; null without a code.
 * @throws {ProviderUnsupported} if the provider has no discounts.
 * @throws {CodeNotValid}
 * @throws {DiscountCodeTaken} if it is made again, and another call makes the same code.
 * @throws {PaymentProviderError}
 */
export async function promotionOf(
  scope: CallingScope,
  { code, providerCustomerId, price, quantity, redeemedAt = null }: PromotedPurchase,
): Promise<string | null> {
  if (code === undefined) return null
  const { provider } = scope.billing
  if (!provider.capabilities.discounts)
    throw new ProviderUnsupported('Promotion codes do not work with this plan. Leave the code out.')
  const { productId, currency, priceCents, seats } = price
  const amountCents = seats ? costOfMembers(priceCents, seats, quantity ?? 1) : priceCents * (quantity ?? 1)
  const wanted = { code, customerId: providerCustomerId, productId, currency, amountCents, redeemedAt }
  try {
    return await provider.findPromotionCode(wanted)
  } catch (error) {
    if (!(error instanceof CodeNotValid) || !(await bringCodeToAccount(scope, code))) throw error
    return provider.findPromotionCode(wanted)
  }
}

/** A change of plan for which a promotion code is to be redeemed. */
export interface PromotedChange extends Pick<PromotedPurchase, 'price' | 'quantity'> {
  accountId: string
  /** Null without a code. */
  promotionCode: string | null
  timing: 'none' | 'at_once' | 'at_period_end'
  /** When a change at the period's end takes effect. */
  periodEnd: Date
}

/**
 * Finds the promotion code of a change of plan. One at the period's end redeems it then.
 *
 * @returns the code's id there; null without a code.
 * @throws {ProviderUnsupported} if the provider has no discounts.
 * @throws {CodeNotValid}
 * @throws {PaymentProviderError}
 */
export async function promotionOfChange(
  scope: CallingScope,
  { accountId, promotionCode, timing, periodEnd, ...purchase }: PromotedChange,
): Promise<string | null> {
  if (promotionCode === null) return null
  const { em, billing } = scope
  const customer = await em.findOne(Customer, { account: accountId, provider: billing.provider.name })
  const providerCustomerId = customer?.providerCustomerId ?? ''
  const redeemedAt = timing === 'at_period_end' ? periodEnd : null
  const found = await promotionOf(scope, { ...purchase, code: promotionCode, providerCustomerId, redeemedAt })
  if (timing === 'none') throw new CodeNotValid('same-plan')
  return found
}
