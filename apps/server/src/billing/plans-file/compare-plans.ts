import { isDeepStrictEqual } from 'node:util'
import type { Offer } from '../plan.entity.ts'
import { isSame, type SoldFor } from '../plans/price-terms.ts'
import type { ProviderName } from '../provider.schemas.ts'
import { featureLosses, seatLosses, type Allowed, type Loss } from './losses.ts'
import type { WantedPlan } from './wanted-plans.ts'

/** A plan as it is now. */
export interface PresentPlan extends WantedPlan {
  id: string
  status: 'draft' | 'active' | 'retired'
  /** What the comparison has seen. */
  revision: string
  /** Live subscriptions, grants among them. */
  subscribers: number
  /** Who pays for a price of this period and currency. */
  payers: readonly { billingPeriod: Offer['billingPeriod']; currency: string; count: number }[]
}

/** What becomes of a price. `kept` counts the subscribers who go on paying what they pay. */
export type PriceChange =
  | { kind: 'added'; after: Offer }
  | { kind: 'replaced'; before: Offer; after: Offer; kept: number }
  | { kind: 'retired'; before: Offer; kept: number }

/** One step from the present plans to those of the file. Each is a transaction of its own. */
export type PlanStep =
  | { kind: 'rank'; tier: string; before: number; after: number; losses: Loss[] }
  | { kind: 'create'; code: string; plan: WantedPlan; losses: Loss[] }
  | {
      kind: 'update'
      code: string
      id: string
      before: PresentPlan
      after: WantedPlan
      changed: (keyof WantedPlan['terms'])[]
      prices: PriceChange[]
      isSoldOtherwise: boolean
      losses: Loss[]
    }
  | { kind: 'retire'; code: string; id: string; before: PresentPlan; losses: Loss[] }

export interface Comparison {
  steps: PlanStep[]
  unchanged: number
  /** What can't be done at all. */
  problems: Record<string, string>
}

/**
 * Compares the plans of a file with the present ones. The file is the whole list: a plan on sale that is not in it is
 * retired.
 *
 * @param tiers of the file, with their ranks.
 */
export function comparePlans(
  wanted: readonly WantedPlan[],
  present: readonly PresentPlan[],
  tiers: Readonly<Record<string, number>>,
): Comparison {
  const problems: Comparison['problems'] = {}
  const steps: PlanStep[] = Object.entries(tiers).flatMap(([tier, rank]) => rankStep(tier, rank, present))
  let unchanged = 0
  for (const plan of wanted) {
    const { code } = plan
    const before = present.find((one) => one.code === code)
    if (before?.status === 'retired') problems[`plans.${code}`] = 'is retired for good; choose another code'
    else if (!before || before.status === 'draft') steps.push({ kind: 'create', code, plan, losses: [] })
    else {
      const [first, wantedFirst] = [before.sold.offers[0], plan.sold.offers[0]]
      if (first.provider !== wantedFirst.provider) {
        problems[`plans.${code}.prices.0.provider`] =
          `must be ${first.provider}, which never changes for the first price`
      }
      const step = updateStep(before, plan)
      if (step) steps.push(step)
      else unchanged += 1
    }
  }
  for (const before of present) {
    if (before.status !== 'active' || wanted.some(({ code }) => code === before.code)) continue
    const { code, id, subscribers } = before
    const losses =
      subscribers > 0 ? [{ name: `retire:${code}`, text: 'they keep the plan, but it can no longer be bought' }] : []
    steps.push({ kind: 'retire', code, id, before, losses })
  }
  return { steps, unchanged, problems }
}

/** A new rank of a tier concerns all its plans at once, also retired ones. */
function rankStep(tier: string, after: number, present: readonly PresentPlan[]): PlanStep[] {
  const plans = present.filter(({ terms, rank }) => terms.tier === tier && rank !== after)
  const [one] = plans
  if (!one) return []
  const losses = plans
    .filter(({ rank, subscribers }) => subscribers > 0 && rank > after)
    .map(({ code, rank }) => ({
      name: `lower-tier:${code}`,
      text: `the tier ${tier} has the rank ${after} instead of ${rank}`,
    }))
  return [{ kind: 'rank', tier, before: one.rank, after, losses }]
}

const TERMS = ['name', 'description', 'sortOrder', 'highlighted', 'tier', 'trialDays', 'features'] as const

function updateStep(before: PresentPlan, after: WantedPlan): PlanStep | null {
  const { code, id, subscribers } = before
  const changed = TERMS.filter((name) => !isDeepStrictEqual(before.terms[name], after.terms[name]))
  const isSoldOtherwise = !isDeepStrictEqual(before.sold, after.sold)
  if (changed.length === 0 && !isSoldOtherwise) return null
  const lost = [
    ...(changed.includes('tier') && after.rank < before.rank
      ? [{ name: `lower-tier:${code}`, text: `they have the tier ${after.terms.tier} instead of ${before.terms.tier}` }]
      : []),
    ...featureLosses(code, allowedBy(before), allowedBy(after)),
    ...seatLosses(code, before.sold.seats, after.sold.seats),
  ]
  return {
    ...{ kind: 'update', code, id, before, after, changed, isSoldOtherwise },
    prices: priceChanges(before, after.sold),
    losses: subscribers > 0 ? lost : [],
  }
}

function priceChanges({ sold: before, payers }: PresentPlan, after: SoldFor): PriceChange[] {
  const find = ({ offers }: SoldFor, { billingPeriod, currency }: Offer) =>
    offers.find((offer) => offer.billingPeriod === billingPeriod && offer.currency === currency)
  const keptAt = ({ billingPeriod, currency }: Offer) =>
    payers.find((one) => one.billingPeriod === billingPeriod && one.currency === currency)?.count ?? 0
  const changes = after.offers.flatMap((offer): PriceChange[] => {
    const former = find(before, offer)
    if (!former) return [{ kind: 'added', after: offer }]
    // A price that becomes the first, or no longer is, is a new one at the provider.
    const isMoved = (former === before.offers[0]) !== (offer === after.offers[0])
    if (!isMoved && isSame({ ...before, offer: former }, { ...after, offer })) return []
    return [{ kind: 'replaced', before: former, after: offer, kept: keptAt(former) }]
  })
  const retired = before.offers.filter((offer) => !find(after, offer))
  return [...changes, ...retired.map((offer): PriceChange => ({ kind: 'retired', before: offer, kept: keptAt(offer) }))]
}

/** What a plan allows. */
export const allowedBy = ({ terms, sold }: Pick<WantedPlan, 'terms' | 'sold'>): Allowed => ({
  features: terms.features,
  currency: sold.offers[0].currency,
})

/** At which providers a step does something. */
export function providersOf(offers: readonly Offer[]): ProviderName[] {
  return [...new Set(offers.map(({ provider }) => provider))]
}
