import { isHeld, isSameOffer } from './plan-price.ts'
import { monthlyPrice } from './price.ts'
import type { Subscription, Upcoming } from './subscription-status.ts'

/**
 * Why a plan can't be chosen now. `role`: the user may not choose for this account. `switching`: another plan waits for
 * the end of the present one.
 */
export type NotNow = 'canceling' | 'due' | 'pending' | 'paused' | 'currency' | 'switching' | 'role'

/** What the user can do with a plan. */
export type PlanChoice =
  | { does: 'subscribe' }
  | { does: 'change'; isUpgrade: boolean; isOtherPeriod: boolean }
  /** Another provider sells it. It begins when the present one ends. */
  | { does: 'switch' }
  | { does: 'nothing'; because: 'yours' | 'scheduled' | 'upcoming' | NotNow }

type Plan = Pick<
  Subscription['plan'],
  'id' | 'name' | 'tier' | 'tierRank' | 'priceCents' | 'currency' | 'billingPeriod' | 'provider'
>

/** What the choice depends on. */
interface Held extends Pick<
  Subscription,
  | 'provider'
  | 'cardManagement'
  | 'status'
  | 'accessReason'
  | 'pause'
  | 'currency'
  | 'billingPeriod'
  | 'unitPriceCents'
  | 'cancelAtPeriodEnd'
> {
  plan: Plan
  scheduledChange: { plan: Pick<Plan, 'id'>; billingPeriod: Plan['billingPeriod'] } | null
}

/**
 * How to get from the current subscription to this plan. The backend decides whether the user may.
 *
 * @param plan at one of its prices.
 */
export function choiceOf(
  plan: Plan,
  current: Held | null,
  upcoming: Pick<Upcoming, 'plan' | 'billingPeriod' | 'currency'> | null = null,
): PlanChoice {
  if (upcoming && !(current && isHeld(plan, current))) {
    const isUpcoming = isSameOffer(plan, { ...upcoming, id: upcoming.plan.id })
    return { does: 'nothing', because: isUpcoming ? 'upcoming' : 'switching' }
  }
  if (!current || current.accessReason === 'ended') return { does: 'subscribe' }
  if (isGivenUp(plan, current)) return { does: 'subscribe' }
  if (isHeld(plan, current)) return { does: 'nothing', because: 'yours' }
  // A grant can't be changed: it ends when a paid subscription starts.
  if (current.provider === 'manual') return { does: 'subscribe' }
  if (isScheduled(plan, current)) return { does: 'nothing', because: 'scheduled' }
  const isElsewhere = plan.provider !== current.provider
  const obstacle = isElsewhere ? blockOf(current) : whyNot(plan, current)
  if (obstacle) return { does: 'nothing', because: obstacle }
  if (isElsewhere) return { does: 'switch' }
  const isSame = current.plan.name === plan.name && current.plan.tier === plan.tier
  return {
    does: 'change',
    isUpgrade: isUpgrade(plan, current),
    isOtherPeriod: isSame && current.billingPeriod !== plan.billingPeriod,
  }
}

function isScheduled(plan: Plan, { scheduledChange, currency }: Held): boolean {
  return scheduledChange !== null && isSameOffer(plan, { ...scheduledChange, currency, id: scheduledChange.plan.id })
}

/** Its payment is not retried. Where there is no portal, the customer can buy a plan again instead of paying it. */
const isGivenUp = ({ provider }: Plan, current: Held): boolean =>
  current.status === 'unpaid' && current.cardManagement === 'cards' && current.provider === provider

function whyNot(plan: Plan, current: Held): NotNow | null {
  const obstacle = blockOf(current)
  if (obstacle) return obstacle
  if (plan.currency !== current.currency) return 'currency'
  return current.cancelAtPeriodEnd ? 'canceling' : null
}

/** What keeps a subscription from being left for another plan. */
function blockOf({ status, pause }: Held): NotNow | null {
  if (status === 'pending') return 'pending'
  if (status === 'paused' || pause) return 'paused'
  return status === 'active' || status === 'trialing' ? null : 'due'
}

/** As the backend decides it: a higher tier, or a higher price per month at the same tier. */
function isUpgrade(plan: Plan, { plan: own, billingPeriod, unitPriceCents }: Held): boolean {
  if (plan.tierRank !== own.tierRank) return plan.tierRank > own.tierRank
  return monthlyPrice(plan) > monthlyPrice({ billingPeriod, priceCents: unitPriceCents })
}
