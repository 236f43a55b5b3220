import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import { SECOND } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { Discount } from '../discount.entity.ts'
import type { DiscountView, ListDiscountsInput } from '../discount.schemas.ts'
import type { ProviderName } from '../providers/capabilities.ts'
import { discountView } from './discount-view.ts'

/** How long the list may wait for the provider's counts, in milliseconds. */
const COUNTS_BUDGET = 3 * SECOND

/**
 * Lists discounts, newest first, with how often the provider says they were redeemed.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listDiscounts(
  scope: BillingScope,
  { cursor, limit, status }: ListDiscountsInput,
): Promise<Page<DiscountView>> {
  const place = cursor ? readCursor(cursor) : null
  const rows = await scope.em.find(
    Discount,
    {
      status: status ?? { $ne: 'draft' },
      // An abandoned draft has ended, too, and was never there for anyone.
      providerCouponId: { $ne: null },
      ...(place && { $or: [{ createdAt: { $lt: place.at } }, { createdAt: place.at, id: { $lt: place.id } }] }),
    },
    { orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1 },
  )
  const countOf = await readRedemptions(scope, rows.slice(0, limit))
  return pageOf(
    rows,
    limit,
    (row) => discountView(row, countOf(row)),
    ({ createdAt, id }) => ({ at: createdAt, id }),
  )
}

async function readRedemptions(
  scope: BillingScope,
  rows: readonly Discount[],
): Promise<(row: Discount) => number | null> {
  const counts = new Map<string, number>()
  for (const name of new Set<ProviderName>(rows.map(({ provider }) => provider))) {
    const gateway = scope.billing.providers.get(name)
    const ids = rows.flatMap(({ provider, providerCouponId }) => (provider === name ? (providerCouponId ?? []) : []))
    const found = await gateway
      ?.withTimeBudget(COUNTS_BUDGET)
      .countRedemptions(ids)
      .catch((error: unknown) => {
        scope.log.warn({ err: error }, 'cannot count the redemptions of discounts now')
        return null
      })
    for (const [id, count] of found ?? []) counts.set(id, count)
  }
  return ({ providerCouponId }) => counts.get(providerCouponId ?? '') ?? null
}
