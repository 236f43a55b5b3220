import { z } from 'zod'
import { featureName, FilePlanFeatures } from './feature.schemas.ts'
import { planCode, planTerms, PriceInput, seatCount, tierName } from './plan.schemas.ts'

const rank = z.int('must be a whole number').min(1, 'must be at least 1').max(1_000, 'must be at most 1000')

/** One plan of a plans file. */
const FilePlan = z.strictObject({
  name: planTerms.name,
  description: planTerms.description.default(null),
  /** Without it, the plans stand in the order of the file. */
  sortOrder: planTerms.sortOrder.optional(),
  highlighted: planTerms.highlighted.default(false),
  tier: tierName,
  trialDays: planTerms.trialDays.default(0),
  prices: z.array(PriceInput.strict()).min(1, 'must have a price').max(20, 'must be at most 20'),
  /** What each further member costs stands with each price. */
  seats: z
    .strictObject({ included: seatCount, max: seatCount.nullable().default(null) })
    .nullable()
    .default(null),
  features: FilePlanFeatures.default({}),
})
export type FilePlan = z.infer<typeof FilePlan>

/** What a plans file exports. */
export const PlansFile = z.strictObject({
  /** Tiers beside `free`, `pro` and `vip`, each with its rank. */
  tiers: z.record(tierName, rank).default({}),
  /** The names of all features. With it, a plan can have no other. */
  features: z.array(featureName).optional(),
  plans: z.record(planCode, FilePlan).refine((plans) => Object.keys(plans).length > 0, 'must have a plan'),
})
export type PlansFile = z.infer<typeof PlansFile>
