import { z } from 'zod'
import { revision } from '../platform/values.schemas.ts'
import { PlanFeatures } from './feature.schemas.ts'
import { DEFAULT_PROVIDER, PROVIDERS } from './provider.schemas.ts'

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()))

export const planCode = z.string().regex(/^[a-z0-9_-]{2,64}$/, 'must be 2 to 64 characters: a-z, 0-9, _ and -')

export const tierName = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be 1 to 32 characters: a-z, 0-9, _ and -')

export const billingPeriod = z.enum(['monthly', 'yearly'], 'must be monthly or yearly')
export const currency = z
  .string()
  .refine((code) => CURRENCIES.has(code), 'must be a lower-case ISO 4217 code such as usd')

export const seatCount = z.int().min(1, 'must be at least 1').max(100_000, 'must be at most 100000')

const perSeatCents = z.int().min(1, 'must be at least 1').max(99_999_999, 'must be at most 99999999')

const PlanSeats = z
  .object({
    included: seatCount.describe('How many members the price covers.'),
    perSeatCents: perSeatCents
      .nullable()
      .describe('What each further member costs per billing period. Null means that `included` is the limit.'),
    max: seatCount.nullable().describe('Maximum number of members; null for no maximum.'),
  })
  .refine(({ included, max }) => max === null || max >= included, {
    path: ['max'],
    message: 'must not be below included',
  })
  .refine(({ perSeatCents, max }) => perSeatCents !== null || max === null, {
    path: ['max'],
    message: 'must be null without perSeatCents: then included is the limit',
  })

/** One price at which a plan is sold. */
export const OfferView = z.object({
  billingPeriod: z.enum(['monthly', 'yearly']),
  currency: z.string().describe('A lower-case ISO 4217 code.'),
  priceCents: z.int().describe('In the smallest unit of the currency.'),
  perSeatCents: z
    .int()
    .nullable()
    .describe('What each member above `seats.included` costs per billing period; null without a price per member.'),
  provider: z.enum(PROVIDERS).describe('Who collects it.'),
})
export type OfferView = z.infer<typeof OfferView>

export const PlanView = z
  .object({
    id: z.uuid(),
    code: z.string(),
    name: z.string(),
    description: z.string().nullable().describe('What a pricing page says about it.'),
    sortOrder: z.int().describe('Its place on a pricing page: the lowest number is first.'),
    highlighted: z.boolean().describe('Whether a pricing page recommends it.'),
    priceCents: z.int().describe('In the smallest unit of the currency.'),
    currency: z.string().describe('A lower-case ISO 4217 code.'),
    billingPeriod: z.enum(['monthly', 'yearly']),
    tier: z.string().describe('`free`, `pro`, `vip`, or a tier of the plans file.'),
    tierRank: z.int().describe('Orders the tiers: a higher one includes everything in the lower ones. `free` has 0.'),
    trialDays: z.int(),
    seats: PlanSeats.nullable().describe('What the plan says about members; null if it does not count them.'),
    features: PlanFeatures.describe('What the plan allows. `true` is any amount; a missing feature is not allowed.'),
    provider: z.enum(PROVIDERS).describe('Who collects for it.'),
    prices: z
      .array(OfferView)
      .describe('All prices at which it is sold. The fields beside this one have the first of them.'),
    isActive: z.boolean(),
  })
  .meta({ id: 'Plan', description: 'A plan that users can subscribe to.' })
export type PlanView = z.infer<typeof PlanView>

/** A plan, and what stands for its present state in a later change. */
export const RevisedPlan = PlanView.extend({
  revision: z.string().describe('Stands for the present state. `update` and `delete` take it.'),
}).meta({ id: 'RevisedPlan', description: 'A plan, with its revision.' })
export type RevisedPlan = z.infer<typeof RevisedPlan>

const planName = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(100, 'must be at most 100 characters long')
  .regex(/^\P{Cc}*$/u, 'must not contain control characters')
  .refine((text) => text.isWellFormed(), 'contains characters that cannot be shown')

/** Text for people. It may have line breaks. An empty text is none. */
const planDescription = z
  .string()
  .trim()
  .max(500, 'must be at most 500 characters long')
  .regex(/^(?:\n|\P{Cc})*$/u, 'must not contain control characters')
  .refine((text) => text.isWellFormed(), 'contains characters that cannot be shown')
  .transform((text) => text || null)
  .nullable()

/** The terms of a plan that an admin sets. */
export const planTerms = {
  name: planName,
  description: planDescription,
  sortOrder: z.int().min(0, 'must not be negative').max(9_999, 'must be at most 9999'),
  highlighted: z.boolean(),
  priceCents: z.int().min(0, 'must not be negative').max(99_999_999, 'must be at most 99999999'),
  currency,
  billingPeriod,
  tier: tierName,
  trialDays: z.int().min(0, 'must not be negative').max(730, 'must be at most 730'),
  seats: PlanSeats.nullable(),
  features: PlanFeatures,
}

export const PriceInput = z.object({
  billingPeriod,
  currency,
  priceCents: planTerms.priceCents,
  perSeatCents: perSeatCents
    .nullable()
    .optional()
    .describe('What each further member costs. Either all prices of a plan have it, or none has.'),
  provider: z
    .enum(PROVIDERS, `must be one of ${PROVIDERS.join(', ')}`)
    .optional()
    .describe("Who collects it; without it, the plan's provider."),
})

/** Both ways to name the first price at once would leave open which one counts. */
function hasOnePriceList(
  input: { prices?: unknown; priceCents?: unknown; billingPeriod?: unknown; currency?: unknown },
  context: z.RefinementCtx,
): void {
  if (input.prices === undefined) return
  for (const name of ['priceCents', 'billingPeriod', 'currency'] as const) {
    if (input[name] === undefined) continue
    context.addIssue({ code: 'custom', path: [name], message: 'must be left out with prices, which has all of them' })
  }
}

const prices = z
  .array(PriceInput)
  .min(1, 'must have a price')
  .max(20, 'must be at most 20')
  .describe('All prices at which it is sold, the first one first. It is instead of the terms of one price.')

export const CreatePlanInput = z
  .object({
    code: planCode,
    ...planTerms,
    priceCents: planTerms.priceCents.optional().describe('Needed without `prices`.'),
    billingPeriod: billingPeriod.optional().describe('Needed without `prices`.'),
    prices: prices.optional(),
    description: planTerms.description.default(null),
    sortOrder: planTerms.sortOrder.default(0),
    highlighted: planTerms.highlighted.default(false),
    currency: planTerms.currency.optional().describe('Without it and `prices`, `usd`.'),
    trialDays: planTerms.trialDays.default(0),
    seats: planTerms.seats.default(null),
    features: planTerms.features.default({}),
    provider: z
      .enum(PROVIDERS, `must be one of ${PROVIDERS.join(', ')}`)
      .optional()
      .describe(
        `Who collects the first price. Without it, that of the first of \`prices\`, or \`${DEFAULT_PROVIDER}\`.`,
      ),
  })
  .superRefine(hasOnePriceList)
  .superRefine((input, context) => {
    if (input.prices) return
    for (const name of ['priceCents', 'billingPeriod'] as const) {
      if (input[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'is missing' })
    }
  })
export type CreatePlanInput = z.infer<typeof CreatePlanInput>

export const UpdatePlanInput = z
  .object({
    id: z.uuid('must be an id').toLowerCase(),
    ...z.object(planTerms).partial().shape,
    prices: prices.optional(),
    revision: revision.optional(),
  })
  .superRefine(hasOnePriceList)
export type UpdatePlanInput = z.infer<typeof UpdatePlanInput>

/** What a change of a plan would do. */
export const UpdatePlanPreview = z.object({
  /** The plan as new subscribers would see it. */
  after: PlanView,
  /** Live subscriptions on the plan, grants among them. */
  subscribers: z.int(),
  /** How many of them keep paying what they pay today, because a new price is only for new subscribers. */
  keepPrice: z.int(),
  isNewPrice: z.boolean(),
  /** All prices before and after. Who pays one that is replaced or retired keeps it. */
  prices: z.array(
    z.object({
      billingPeriod: OfferView.shape.billingPeriod,
      currency: z.string(),
      before: OfferView.nullable(),
      after: OfferView.nullable(),
      change: z.enum(['none', 'added', 'new_price', 'retired']),
    }),
  ),
  /** Whether all subscribers see another name, here and at the provider. */
  isRenamed: z.boolean(),
  /** Whether all subscribers have another tier at once. */
  isNewTier: z.boolean(),
  /** Whether another number of members is allowed or included at once. */
  isNewSeats: z.boolean(),
  /** Whether all subscribers may use more or less at once. */
  isNewFeatures: z.boolean(),
})
export type UpdatePlanPreview = z.infer<typeof UpdatePlanPreview>
