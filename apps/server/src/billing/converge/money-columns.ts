import type { ProviderInvoice, ProviderSubscription, RunningDiscount } from '../providers/payment-provider.ts'
import type { Subscription } from '../subscription.entity.ts'
import { pricesPerPeriod, sumOfPrices, type PlanItem } from './plan-item.ts'
import type { SubscriptionColumns } from './write-subscription.ts'

type MoneyColumns = Pick<SubscriptionColumns, 'priceCents' | 'discountCents' | 'includedTaxCents' | 'discounts'>

/** What a subscription costs per billing period, and what of that is no revenue: lasting discounts and included taxes. */
export function moneyColumns(
  { items, discounts, latestInvoice }: ProviderSubscription,
  sold: PlanItem,
  known: Subscription | null,
): MoneyColumns {
  const prices = pricesPerPeriod(items, sold)
  const priceCents = sumOfPrices(prices)
  const left = discountedPrices(
    items.map(({ id, productId }, index) => ({ id, productId, cents: prices[index] ?? 0 })),
    discounts,
  )
  const discountCents = Math.min(priceCents, Math.max(0, priceCents - sumOfPrices(left)))
  return {
    priceCents,
    discountCents,
    includedTaxCents: includedTax(priceCents - discountCents, latestInvoice, known),
    discounts: discounts.map(({ name, percentOff, amountOffCents, duration, endsAt }) => ({
      ...{ name, percentOff, amountOffCents, duration },
      endsAt: endsAt?.toISOString() ?? null,
    })),
  }
}

interface PricedItem {
  id: string
  productId: string | null
  cents: number
}

/** What is left of each price after all discounts that last. One for a single invoice is no part of what recurs. */
function discountedPrices(items: readonly PricedItem[], discounts: readonly RunningDiscount[]): number[] {
  let left = items.map(({ cents }) => cents)
  for (const discount of discounts.filter(({ duration }) => duration !== 'once')) {
    const isMeant = items.map((item) => isFor(item, discount))
    const sum = left.reduce((total, cents, index) => total + (isMeant[index] ? cents : 0), 0)
    if (sum <= 0) continue
    const { percentOff, amountOffCents } = discount
    const share = percentOff === null ? Math.min(1, (amountOffCents ?? 0) / sum) : percentOff / 100
    left = left.map((cents, index) => (isMeant[index] ? cents * (1 - share) : cents))
  }
  return left
}

function isFor({ id, productId }: PricedItem, { itemId, productIds }: RunningDiscount): boolean {
  if (itemId !== null && itemId !== id) return false
  return productIds === null || (productId !== null && productIds.includes(productId))
}

/**
 * The taxes in a price, with their share in what the latest invoice charges. An invoice that charges nothing tells no
 * share, so the last known one stays.
 */
function includedTax(cents: number, invoice: ProviderInvoice | null, known: Subscription | null): number {
  const { chargedCents = 0, includedTaxCents = 0 } = invoice ?? {}
  if (chargedCents > 0) return Math.round((cents * includedTaxCents) / chargedCents)
  const before = known ? known.priceCents - (known.discountCents ?? 0) : 0
  return before > 0 ? Math.round((cents * (known?.includedTaxCents ?? 0)) / before) : 0
}
