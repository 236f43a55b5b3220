import type { Subscription } from './subscription-status.ts'

/** Why a plan can't be chosen now. `role`: the user may not choose for this account. */
export type NotNow = 'canceling' | 'due' | 'pending' | 'paused' | 'currency' | 'role'

/** What the user can do with a plan. */
export type PlanChoice =
  | { does: 'subscribe' }
  | { does: 'change'; isUpgrade: boolean; isOtherPeriod: boolean }
  | { does: 'nothing'; because: 'yours' | 'scheduled' | NotNow }

type Plan = Pick<
  Subscription['plan'],
  'id' | 'name' | 'tier' | 'priceCents' | 'currency' | 'billingPeriod' | 'provider'
>

/** How to get from the current subscription to this plan. The backend decides whether the user may. */
export function choiceOf(plan: Plan, current: Subscription | null): PlanChoice {
  if (!current || current.accessReason === 'ended') return { does: 'subscribe' }
  if (isGivenUp(plan, current)) return { does: 'subscribe' }
  if (current.plan.id === plan.id) return { does: 'nothing', because: 'yours' }
  // A grant can't be changed: it ends when a paid subscription starts.
  if (current.provider === 'manual') return { does: 'subscribe' }
  if (current.scheduledChange?.plan.id === plan.id) return { does: 'nothing', because: 'scheduled' }
  const obstacle = whyNot(plan, current)
  if (obstacle) return { does: 'nothing', because: obstacle }
  const isSame = current.plan.name === plan.name && current.plan.tier === plan.tier
  return {
    does: 'change',
    isUpgrade: isUpgrade(plan, current),
    isOtherPeriod: isSame && current.plan.billingPeriod !== plan.billingPeriod,
  }
}

/** Its last payment is not tried again, and no portal can collect it. So a plan is bought anew. */
const isGivenUp = ({ provider }: Plan, current: Subscription): boolean =>
  current.status === 'unpaid' && current.cardManagement === 'cards' && current.provider === provider

function whyNot(plan: Plan, { status, currency, cancelAtPeriodEnd, pause }: Subscription): NotNow | null {
  if (status === 'pending') return 'pending'
  if (status === 'paused' || pause) return 'paused'
  if (status !== 'active' && status !== 'trialing') return 'due'
  if (plan.currency !== currency) return 'currency'
  return cancelAtPeriodEnd ? 'canceling' : null
}

const RANKS = { free: 0, pro: 1, vip: 2 } as const

/** As the backend decides it: a higher tier, or a higher price per month at the same tier. */
function isUpgrade(plan: Plan, { plan: own }: Subscription): boolean {
  if (plan.tier !== own.tier) return RANKS[plan.tier] > RANKS[own.tier]
  return perMonth(plan) > perMonth(own)
}

const perMonth = ({ priceCents, billingPeriod }: Plan) => (billingPeriod === 'yearly' ? priceCents / 12 : priceCents)
