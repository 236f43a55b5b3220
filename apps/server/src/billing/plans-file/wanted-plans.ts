import { InvalidInput } from '../../platform/errors/errors.ts'
import { DEFAULT_RANKS } from '../access/tiers.ts'
import { ProviderUnsupported } from '../billing.errors.ts'
import type { CreatePlanInput } from '../billing.schemas.ts'
import type { FilePlan, PlansFile } from '../plans-file.schemas.ts'
import { checkOffers, offersAfter } from '../plans/offers-after.ts'
import { requireMetering } from '../plans/plan-overage.ts'
import type { SoldFor } from '../plans/price-terms.ts'
import { DEFAULT_PROVIDER, PROVIDER_LABELS, type ProviderName } from '../provider.schemas.ts'

/** A plan as the file wants it. */
export interface WantedPlan {
  code: string
  terms: Pick<CreatePlanInput, 'name' | 'description' | 'sortOrder' | 'highlighted' | 'tier' | 'trialDays' | 'features'>
  sold: SoldFor
  rank: number
}

/** What is wrong with a file, by the path of the field. */
export type FileProblems = Record<string, string>

/** The plans of a file, in its order, and what a schema can't check. */
export function wantedPlans(
  file: PlansFile,
  configured: ReadonlySet<ProviderName>,
): { plans: WantedPlan[]; problems: FileProblems } {
  const problems: FileProblems = {}
  for (const [tier, rank] of Object.entries(file.tiers)) {
    if (Object.hasOwn(DEFAULT_RANKS, tier)) {
      problems[`tiers.${tier}`] = 'must be left out: this tier is always there, with its own rank'
    }
    const isSame = ([other, its]: [string, number]) => other !== tier && its === rank
    const twin = Object.entries({ ...DEFAULT_RANKS, ...file.tiers }).find(isSame)
    if (twin) problems[`tiers.${tier}`] ??= `must differ from the rank of ${twin[0]}`
  }
  const ranks = { ...file.tiers, ...DEFAULT_RANKS }
  const plans = Object.entries(file.plans).flatMap(([code, plan], index): WantedPlan[] => {
    const found = problemsOf(plan, { file, ranks, configured })
    for (const [field, problem] of Object.entries(found)) problems[`plans.${code}.${field}`] = problem
    if (Object.keys(found).length > 0) return []
    const { prices: _, seats: __, sortOrder = (index + 1) * 10, ...terms } = plan
    return [{ code, terms: { ...terms, sortOrder }, sold: soldFor(plan), rank: ranks[plan.tier] ?? 0 }]
  })
  return { plans, problems }
}

function soldFor({ prices, seats }: FilePlan): SoldFor {
  const [first] = prices
  const perSeatCents = first?.perSeatCents ?? null
  const provider = first?.provider ?? DEFAULT_PROVIDER
  const nothing = { billingPeriod: 'monthly', currency: 'usd', priceCents: 0, perSeatCents, provider } as const
  return offersAfter({ offers: [nothing], seats: seats && { ...seats, perSeatCents } }, { prices })
}

interface Context {
  file: PlansFile
  ranks: Readonly<Record<string, number>>
  configured: ReadonlySet<ProviderName>
}

function problemsOf(plan: FilePlan, { file, ranks, configured }: Context): FileProblems {
  const problems: FileProblems = {}
  if (!Object.hasOwn(ranks, plan.tier)) problems['tier'] = `must be one of ${Object.keys(ranks).join(', ')}`
  for (const name of Object.keys(plan.features)) {
    if (file.features && !file.features.includes(name)) problems[`features.${name}`] = 'is not among the features'
  }
  for (const [index, { provider = DEFAULT_PROVIDER }] of plan.prices.entries()) {
    if (!configured.has(provider))
      problems[`prices.${index}.provider`] = `${PROVIDER_LABELS[provider]} is not set up here`
  }
  if (plan.seats && plan.seats.max !== null) {
    if (plan.seats.max < plan.seats.included) problems['seats.max'] = 'must not be below included'
    if (!plan.prices[0]?.perSeatCents) problems['seats.max'] = 'must be left out without perSeatCents of the prices'
  }
  try {
    const sold = soldFor(plan)
    checkOffers(sold, { isListed: true })
    requireMetering(sold.offers, plan.features)
  } catch (error) {
    if (error instanceof InvalidInput) return { ...problems, ...error.fieldErrors }
    if (error instanceof ProviderUnsupported) return { ...problems, prices: error.message }
    throw error
  }
  return problems
}
