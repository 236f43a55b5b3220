import type { CallingScope } from '../billing-scope.ts'
import { Discount } from '../discount.entity.ts'
import { CodeNotValid } from '../discount.errors.ts'
import { Plan } from '../plan.entity.ts'
import { isForeign } from '../providers/payment-provider.ts'

/**
 * The coupon of an active discount in the provider's account of today. If the key belongs to another account than when
 * the discount was made, the coupon and the code are made again there, where no one has redeemed them yet.
 *
 * @throws {CodeNotValid} if it has expired.
 * @throws {DiscountCodeTaken} if that account has the code for something else.
 * @throws {PaymentProviderError}
 */
export async function ensureDiscountAtAccount(scope: CallingScope, discount: Discount): Promise<string> {
  const { em, billing } = scope
  const { provider } = billing
  const { id, providerCouponId, name, duration, currency, code, expiresAt = null } = discount
  if (providerCouponId && (await isThere(scope, discount, providerCouponId))) return providerCouponId
  if (expiresAt && expiresAt <= (await billing.time.now())) throw new CodeNotValid('ended')
  const money = (cents: number | null | undefined) => (cents && currency ? { cents, currency } : null)
  const made = await provider.ensureDiscount({
    ...{ discountId: id, name, duration, expiresAt },
    productIds: await productsOf(scope, discount),
    percentOff: discount.percentOff ?? null,
    amountOff: money(discount.amountOffCents),
    months: discount.months ?? null,
    maxRedemptions: discount.maxRedemptions ?? null,
    promotion: code ? { code, isFirstTimeOnly: discount.firstTimeOnly, minimum: money(discount.minimumCents) } : null,
  })
  const ids = { providerCouponId: made.couponId, providerCodeId: made.promotionCodeId }
  await em.nativeUpdate(Discount, { id }, { ...ids, providerAccount: await provider.account() })
  return made.couponId
}

/** Makes the active discount of a code again, if its row belongs to another account. @returns whether it is there now. */
export async function bringCodeToAccount(scope: CallingScope, code: string): Promise<boolean> {
  const { em, billing } = scope
  const [row] = await em.execute<{ id: string }[]>(
    `select id from discounts where upper(code) = upper(?) and status = 'active' and provider = ?`,
    [code, billing.provider.name],
  )
  const discount = row && (await em.findOne(Discount, { id: row.id }))
  if (!discount?.providerCouponId || (await isThere(scope, discount, discount.providerCouponId))) return false
  await ensureDiscountAtAccount(scope, discount)
  return true
}

/** A row of an older version does not know its account. Then the provider is asked for the coupon. */
async function isThere(
  { billing: { provider } }: CallingScope,
  { providerAccount }: Discount,
  couponId: string,
): Promise<boolean> {
  if (providerAccount) return !isForeign(providerAccount, await provider.account())
  return (await provider.countRedemptions([couponId])).has(couponId)
}

/** The products of the plans that it is for, also of those that were retired since; null for all plans. */
async function productsOf(
  { em, billing: { provider } }: CallingScope,
  { planCodes }: Discount,
): Promise<string[] | null> {
  if (!planCodes) return null
  const plans = await em.find(Plan, { code: planCodes, status: { $ne: 'draft' } })
  return Promise.all(plans.map(async ({ id: planId, code, name }) => provider.ensureProduct({ planId, code, name })))
}
