import { createHash } from 'node:crypto'
import type { SeatTerms } from '../providers/payment-provider.ts'

interface PriceTerms {
  priceCents: number
  currency: string
  billingPeriod: 'monthly' | 'yearly'
}

/**
 * Stands for all terms of a plan's price, so that a caller can say which price they have seen.
 *
 * @param seats null if it does not charge per member.
 */
export function priceRef(
  planId: string,
  { priceCents, currency, billingPeriod }: PriceTerms,
  seats: SeatTerms | null,
): string {
  const terms = [planId, priceCents, currency, billingPeriod, seats?.included ?? null, seats?.perSeatCents ?? null]
  return createHash('sha256').update(JSON.stringify(terms)).digest('base64url')
}
