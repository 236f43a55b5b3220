import type { BillingPeriod } from '../providers/payment-provider.ts'

const RANKS = { free: 0, pro: 1, vip: 2 } as const

/** What a move between plans is judged by; amounts in the smallest unit of one and the same currency. */
export interface PlanTerms {
  tier: keyof typeof RANKS
  priceCents: number
  billingPeriod: BillingPeriod
}

/** A higher tier, or at the same tier a higher price per month, a yearly price counting a twelfth. */
export function isUpgrade(from: PlanTerms, to: PlanTerms): boolean {
  if (to.tier !== from.tier) return RANKS[to.tier] > RANKS[from.tier]
  return perYear(to) > perYear(from)
}

/** In whole units: a twelfth of a yearly price need not be one. */
const perYear = ({ priceCents, billingPeriod }: PlanTerms): number =>
  billingPeriod === 'monthly' ? priceCents * 12 : priceCents
