import { isDeepStrictEqual } from 'node:util'
import { rankOf } from '../access/tiers.ts'
import type { BillingScope } from '../billing-scope.ts'
import type { UpdatePlanInput } from '../billing.schemas.ts'
import { Plan, type Offer } from '../plan.entity.ts'
import type { UpdatePlanPreview } from '../plan.schemas.ts'
import { Subscription } from '../subscription.entity.ts'
import { activePlan } from './active-plan.ts'
import { checkOffers, offersAfter } from './offers-after.ts'
import { requireMetering } from './plan-overage.ts'
import { requireSeen } from './plan-revision.ts'
import { planView } from './plan-view.ts'
import { isSame, newIn, soldFor, type SoldFor } from './price-terms.ts'
import { requireKnownTier } from './require-known-tier.ts'

/**
 * What a change of a plan would do, by what our rows say. It changes nothing.
 *
 * @throws {PlanNotFound}
 * @throws {PlanInactive}
 * @throws {RevisionStale} if the plan has changed since the caller read it.
 * @throws {InvalidInput} for an unknown tier, prices that can't be sold beside each other, an amount that the currency does
 *   not have, or an overage of a plan in several currencies.
 * @throws {ProviderUnsupported} for a price per member, or an overage, at a provider that can't charge one.
 */
export async function previewUpdate({ em }: BillingScope, input: UpdatePlanInput): Promise<UpdatePlanPreview> {
  const plan = activePlan(await em.findOne(Plan, { id: input.id }))
  requireSeen(plan, input.revision)
  const { tier = plan.tier } = input
  const tierRank = input.tier === undefined ? plan.tierRank : await requireKnownTier(em, tier)
  const before = planView(plan)
  const present = soldFor(plan)
  const next = offersAfter(present, input)
  requireMetering(next.offers, input.features ?? plan.features)
  if (!isDeepStrictEqual(next, present)) checkOffers(next, { isListed: input.prices !== undefined })
  const [{ perSeatCents: _, ...first }] = next.offers
  const given = Object.fromEntries(Object.entries<unknown>(input).filter(([, value]) => value !== undefined))
  const after = {
    ...before,
    ...given,
    ...first,
    prices: [...next.offers],
    seats: next.seats,
    tierRank: rankOf({ tier, tierRank }),
  }
  const live = { plan: plan.id, status: { $ne: 'canceled' } } as const
  const replaced = newIn(present, next)
  const isNewPrice = newIn(next, present).length > 0
  return {
    after,
    subscribers: await em.count(Subscription, live),
    keepPrice: replaced.length > 0 ? await em.count(Subscription, { ...live, ...payersOf(present, replaced) }) : 0,
    isNewPrice,
    prices: compare(present, next),
    isRenamed: after.name !== before.name,
    isNewTier: after.tier !== before.tier,
    isNewSeats: !isDeepStrictEqual(after.seats, before.seats),
    isNewFeatures: !isDeepStrictEqual(after.features, before.features),
  }
}

/** Who pays one of the replaced prices. If the plan has only one, that is everyone who pays. */
function payersOf({ offers }: SoldFor, replaced: readonly Offer[]) {
  const paying = { provider: { $ne: 'manual' as const } }
  if (offers.length === 1) return paying
  return { ...paying, $or: replaced.map(({ billingPeriod, currency }) => ({ billingPeriod, currency })) }
}

/** The prices of both, each period and currency once. */
function compare(present: SoldFor, next: SoldFor): UpdatePlanPreview['prices'] {
  const find = ({ offers }: SoldFor, { billingPeriod, currency }: Pick<Offer, 'billingPeriod' | 'currency'>) =>
    offers.find((offer) => offer.billingPeriod === billingPeriod && offer.currency === currency) ?? null
  const retired = present.offers.filter((offer) => !find(next, offer))
  return [...next.offers, ...retired].map(({ billingPeriod, currency }) => {
    const [before, after] = [find(present, { billingPeriod, currency }), find(next, { billingPeriod, currency })]
    const isKept = before && after && isSame({ ...present, offer: before }, { ...next, offer: after })
    const change = isKept ? 'none' : before ? (after ? 'new_price' : 'retired') : 'added'
    return { billingPeriod, currency, before, after, change }
  })
}
