import type { Discount } from '../discount.entity.ts'
import type { DiscountView } from '../discount.schemas.ts'

/** A discount as operators see it. */
export function discountView(discount: Discount, redemptions: number | null): DiscountView {
  const { id, provider, name, duration, firstTimeOnly, status, createdAt } = discount
  return {
    ...{ id, provider, name, duration, firstTimeOnly, createdAt, redemptions },
    percentOff: discount.percentOff ?? null,
    amountOff: discount.amountOffCents ?? null,
    currency: discount.currency ?? null,
    months: discount.months ?? null,
    code: discount.code ?? null,
    maxRedemptions: discount.maxRedemptions ?? null,
    expiresAt: discount.expiresAt ?? null,
    plans: discount.planCodes ?? null,
    minimumAmount: discount.minimumCents ?? null,
    status: status === 'ended' ? 'ended' : 'active',
    endedAt: discount.endedAt ?? null,
  }
}
