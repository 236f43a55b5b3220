import type { RouterOutputs } from '@tollgate/client'

type Plan = RouterOutputs['billing']['plans']['list'][number]

/** For which period and in which currency a plan is paid. A plan has one price for each. */
export type Terms = Pick<Plan, 'billingPeriod' | 'currency'>

/** Each plan once per price, with that price instead of its first. */
export const atEachPrice = (plans: readonly Plan[]): Plan[] =>
  plans.flatMap((plan) => (plan.prices.length === 0 ? [plan] : plan.prices.map((price) => at(plan, price))))

const at = (plan: Plan, { perSeatCents, ...price }: Plan['prices'][number]): Plan => ({
  ...plan,
  ...price,
  seats: plan.seats && { ...plan.seats, perSeatCents },
})

/**
 * A plan at the price that is asked for. What is not asked for is as in the subscription that the account has, or else as
 * in the plan's first price.
 *
 * @param held the terms of that subscription; null without one, and for a grant.
 * @returns null if the plan is not sold so.
 */
export function planAt(plan: Plan, asked: Partial<Terms>, held: Terms | null = null): Plan | null {
  const prices = atEachPrice([plan])
  const hasHeld = prices.some(({ currency }) => currency === held?.currency)
  const currency = asked.currency ?? (hasHeld ? held?.currency : plan.currency)
  const inCurrency = prices.filter((price) => price.currency === currency)
  const forPeriod = (period?: string) => inCurrency.find(({ billingPeriod }) => billingPeriod === period)
  if (asked.billingPeriod) return forPeriod(asked.billingPeriod) ?? null
  return forPeriod(held?.billingPeriod) ?? inCurrency[0] ?? null
}

/** The terms of a subscription that decide what else is bought; null for a grant, which costs nothing. */
export const heldTerms = <Held extends Terms & { provider: string }>(held: Held | null): Held | null =>
  held?.provider === 'manual' ? null : held

/** Whether two are the same plan at the same price. */
export const isSameOffer = (one: Terms & { id: string }, other: Terms & { id: string }): boolean =>
  one.id === other.id && one.billingPeriod === other.billingPeriod && one.currency === other.currency

/** Whether a subscription is to this plan at this price. A grant is to all prices of its plan. */
export const isHeld = (
  plan: Terms & { id: string },
  held: Terms & { provider: string; plan: { id: string } },
): boolean => (held.provider === 'manual' ? held.plan.id === plan.id : isSameOffer(plan, { ...held, id: held.plan.id }))

/** The query of a link that leads to a plan at a price. */
export const termsQuery = ({ billingPeriod, currency }: Terms): string => `period=${billingPeriod}&currency=${currency}`

/** What a link asks for. Anything else in its query is left out. */
export function askedTerms(query: URLSearchParams): Partial<Terms> {
  const [period, currency] = [query.get('period'), query.get('currency')]
  return {
    ...((period === 'monthly' || period === 'yearly') && { billingPeriod: period }),
    ...(currency !== null && /^[a-z]{3}$/.test(currency) && { currency }),
  }
}
