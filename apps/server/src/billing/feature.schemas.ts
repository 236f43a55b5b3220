import { z } from 'zod'
import { moment, revision } from '../platform/values.schemas.ts'

/** Names that objects have by themselves. A lookup by name must never find one of those. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

export const featureName = z
  .string()
  .regex(/^[a-z0-9_.-]{1,64}$/, 'must be 1 to 64 characters: a-z, 0-9, _, . and -')
  .refine((name) => !RESERVED.has(name), 'is reserved')
/** A program that extends this server registers its plans file here, and names of features and tiers become types. */
export interface Register {}

/**
 * The name of a feature: one of the registered plans, or any text if none are registered.
 *
 * @public
 */
export type FeatureName = Register extends {
  plans: { readonly features?: readonly (infer Name extends string)[] }
}
  ? Name
  : string

/**
 * The name of a tier: one of the registered plans, or any text if none are registered.
 *
 * @public
 */
export type TierName = Register extends {
  plans: { readonly tiers?: { readonly [Name in infer Tier extends string]: number } }
}
  ? Tier | 'free' | 'pro' | 'vip'
  : string

const FeatureLimit = z
  .object({
    limit: z
      .int('must be a whole number or null')
      .min(0, 'must not be negative')
      .nullable()
      .describe('How much is allowed; null for any amount.'),
    per: z
      .enum(['period', 'month', 'day', 'total'], 'must be period, month, day, or total')
      .describe('When it begins again: with the billing period, with the month or day in UTC, or never.'),
  })
  .meta({ id: 'FeatureLimit', description: 'How much of a feature is allowed.' })
export type FeatureLimit = z.infer<typeof FeatureLimit>

/** Decimals that a price per unit may have, counted from the smallest unit of the currency. */
const UNIT_PRICE_DECIMALS = 6

const Overage = z
  .object({
    unitPriceCents: z
      .number('must be a number')
      .positive('must be more than 0')
      .max(100_000_000, 'must be at most 100000000')
      .refine(
        (price) => Number(price.toFixed(UNIT_PRICE_DECIMALS)) === price,
        `must have at most ${UNIT_PRICE_DECIMALS} decimals`,
      )
      .describe('What each unit above the limit costs, in the smallest unit of the currency. It may be a fraction.'),
  })
  .meta({ id: 'Overage', description: 'What a feature costs above its limit.' })

const PlanLimit = FeatureLimit.extend({
  overage: Overage.optional().describe(
    'With it, more than the limit may be used, and is billed with the next invoice.',
  ),
}).meta({ id: 'PlanLimit', description: 'How much of a feature a plan allows.' })

const NO_FEATURE_VALUE =
  'must be true, or { limit: a whole number or null, per: period, month, day, or total, overage?: { unitPriceCents } }'

export const FeatureValue = z.union([z.literal(true), PlanLimit], NO_FEATURE_VALUE)
export type FeatureValue = z.infer<typeof FeatureValue>

/** Maximum number of features of a plan. */
const MOST = 200

/** Maximum number of its features with an overage. Stripe's subscriptions have at most 20 items. */
const MOST_BILLED = 10

export const PlanFeatures = z
  .record(featureName, FeatureValue)
  .refine((features) => Object.keys(features).length <= MOST, `must have at most ${MOST} names`)
  .superRefine((features, context) => {
    const billed = Object.entries(features).filter(([, value]) => value !== true && value.overage)
    for (const [name, value] of billed) {
      if (value === true || (value.limit !== null && value.per === 'period')) continue
      context.addIssue({ code: 'custom', path: [name, 'overage'], message: 'needs a limit per period' })
    }
    if (billed.length > MOST_BILLED)
      context.addIssue({ code: 'custom', message: `must have an overage for at most ${MOST_BILLED} names` })
  })
export type PlanFeatures = z.infer<typeof PlanFeatures>

/** The features of a plan in a plans file, which refuses unknown fields. */
export const FilePlanFeatures = z
  .record(
    featureName,
    z.union([z.literal(true), PlanLimit.extend({ overage: Overage.strict().optional() }).strict()], NO_FEATURE_VALUE),
  )
  .pipe(PlanFeatures)

/** Whether a feature may be used now, and how much of it. */
const FeatureUse = z
  .object({
    allowed: z.boolean().describe('Whether at least one more may be used.'),
    limit: z.int().nullable().describe('Null for any amount.'),
    used: z.int(),
    remaining: z.int().nullable().describe('Null for any amount.'),
    resetsAt: z.date().nullable().describe('When `used` begins again at 0; null for never.'),
  })
  .meta({ id: 'FeatureUse', description: 'Whether a feature may be used now, and how much of it.' })
export type FeatureUse = z.infer<typeof FeatureUse>

export const EntitlementsView = z
  .object({
    tier: z.string(),
    planCode: z.string().nullable(),
    until: z.date().nullable(),
    features: z.record(z.string(), FeatureUse).describe('Every feature of the plans on sale, and of overrides.'),
  })
  .meta({ id: 'Entitlements', description: 'What an account may use now.' })
export type EntitlementsView = z.infer<typeof EntitlementsView>

const accountId = z.uuid('must be an account id').toLowerCase()

/** What an override says: more or less than the plan, or `false` for not at all. */
const OverrideValue = z.union(
  [z.boolean(), FeatureLimit],
  'must be true, false, or { limit: a whole number or null, per: period, month, day, or total }',
)
export type OverrideValue = z.infer<typeof OverrideValue>

const overrideReason = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(500, 'must be at most 500 characters long')
  .regex(/^\P{Cc}*$/u, 'must not contain control characters')
  .refine((text) => text.isWellFormed(), 'contains characters that cannot be shown')

export const OverrideInput = z.object({
  accountId,
  feature: featureName,
  value: OverrideValue,
  until: moment.nullable().default(null),
  reason: overrideReason,
  revision: revision.nullable().optional().describe('The override that the caller has seen; null if there was none.'),
})
export type OverrideInput = z.infer<typeof OverrideInput>

export const ListOverridesInput = z.object({ accountId })
export const RemoveOverrideInput = z.object({
  accountId,
  feature: featureName,
  reason: overrideReason.optional(),
  revision: revision.optional(),
})
export type RemoveOverrideInput = z.infer<typeof RemoveOverrideInput>

const OverrideFacts = z.object({
  id: z.uuid(),
  accountId: z.uuid(),
  feature: z.string(),
  value: OverrideValue,
  /** In billing time; null if it holds until it is removed. */
  until: z.date().nullable(),
  /** Whether it counts now. */
  isCurrent: z.boolean(),
  reason: z.string(),
  createdAt: z.date(),
})
export type OverrideFacts = z.infer<typeof OverrideFacts>

export const OverrideView = OverrideFacts.extend({
  /** Stands for the present state. `override` and `remove` take it. */
  revision: z.string(),
})
export type OverrideView = z.infer<typeof OverrideView>
