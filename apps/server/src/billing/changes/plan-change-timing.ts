import { isDeepStrictEqual } from 'node:util'
import type { DomainError } from '../../platform/errors/errors.ts'
import {
  AlreadyCanceling,
  CurrencyMismatch,
  NoSubscription,
  PaymentDue,
  ProviderUnsupported,
  SubscriptionPaused,
  TooManyMembers,
} from '../billing.errors.ts'
import { OtherPlanChosen } from '../plan-move.errors.ts'
import { atOtherProvider } from '../plans/at-other-provider.ts'
import { intervalOf } from '../plans/billing-interval.ts'
import { isSoldAs, type PlanOffer } from '../plans/choose-offer.ts'
import { isUpgrade, termsToday } from '../plans/is-upgrade.ts'
import { lacksSeats } from '../plans/require-seats.ts'
import { seatTermsOf } from '../plans/seat-terms.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { heldTerms } from '../subscriptions/held-terms.ts'
import type { LiveSubscription } from '../subscriptions/live-subscription.ts'

/** When a change takes effect. An upgrade does at once; `none` is a change to the plan that the subscription has. */
export type ChangeTiming = 'at_once' | 'at_period_end' | 'none'

/** Why a change is not made; nothing has changed. */
export interface Refusal {
  refused: DomainError
}

/** A change that may be made. */
export interface PossibleChange {
  timing: ChangeTiming
  /** The subscription's id at the provider. */
  subscriptionId: string
}

/** A move that support has ordered, to a plan's price of today. Its subscribers may be on the same plan already. */
export interface OrderedMove {
  at: 'now' | 'period_end'
  /** Set if many are moved. Then the change is made only as it was listed, and never instead of the customer's own. */
  listed?: ListedChange
}

export interface ListedChange {
  /** The subscription's row. */
  subscriptionId: string
  fromPlanId: string
  priceId: string
}

/**
 * Decides whether and when a live subscription can move to another plan.
 *
 * @param members of the account, today.
 * @param ordered says when, if support has ordered the move. Otherwise an upgrade happens at once.
 */
export function planChangeTiming(
  subscription: LiveSubscription,
  wanted: PlanOffer,
  members: number,
  ordered: OrderedMove | null = null,
): PossibleChange | Refusal {
  const { provider, providerSubscriptionId: subscriptionId, currency } = subscription
  if (!CAPABILITIES[provider].changesPlans || !subscriptionId) return { refused: new ProviderUnsupported() }
  const { plan, offer, isNamed } = wanted
  if (offer.provider !== provider) return { refused: atOtherProvider(provider, offer.provider) }
  if (subscription.cancelAtPeriodEnd) return { refused: new AlreadyCanceling() }
  const chosen = ordered && choiceOf(subscription, wanted, ordered)
  if (chosen) return chosen === 'same' ? { timing: 'none', subscriptionId } : chosen
  const isSamePlan = subscription.plan.id === plan.id && !(isNamed && !isSoldAs(subscription, offer))
  if (isSamePlan && !(ordered && hasOtherPrice(subscription, wanted))) return { timing: 'none', subscriptionId }
  if (subscription.pausedFrom) return { refused: new SubscriptionPaused() }
  if (subscription.owes()) return { refused: new PaymentDue() }
  if (currency !== offer.currency) return { refused: new CurrencyMismatch() }
  if (lacksSeats(plan, members)) return { refused: new TooManyMembers() }
  const isUp = isUpgrade(heldTerms(subscription, members), termsToday(plan, offer, members))
  const isNow = ordered ? ordered.at === 'now' : isUp
  return { timing: isNow ? 'at_once' : 'at_period_end', subscriptionId }
}

/** What became of a subscription since it was listed; null if it still waits for its move. */
function choiceOf(
  { id, plan: { id: planId }, scheduledPlan, scheduledPriceId, scheduledBillingPeriod }: LiveSubscription,
  { plan, offer }: PlanOffer,
  { at, listed }: OrderedMove,
): 'same' | Refusal | null {
  if (!listed) return null
  if (id !== listed.subscriptionId) return { refused: new NoSubscription() }
  if (planId !== listed.fromPlanId) return planId === plan.id ? 'same' : { refused: new OtherPlanChosen() }
  if (!scheduledPlan) return null
  // Even to the same plan: they have decided to have it later, and for its price then.
  if (scheduledPlan.id !== plan.id || at === 'now') return { refused: new OtherPlanChosen() }
  if (scheduledBillingPeriod && scheduledBillingPeriod !== offer.billingPeriod)
    return { refused: new OtherPlanChosen() }
  return scheduledPriceId === listed.priceId ? 'same' : null
}

/** Whether the subscription was bought at another price than this one of its plan today. */
function hasOtherPrice(subscription: LiveSubscription, { plan, offer }: PlanOffer): boolean {
  const held = { priceCents: subscription.unitPrice(), seats: seatTermsOf(subscription), ...intervalOf(subscription) }
  const { priceCents, perSeatCents } = offer
  const seats = seatTermsOf({ includedSeats: plan.includedSeats, perSeatCents })
  const today = { priceCents, seats, ...intervalOf(offer) }
  return !isDeepStrictEqual(held, today)
}
