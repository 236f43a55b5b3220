import type { Register } from './plans.ts'

/** The plans file that a program has registered. */
type Plans = Register extends { plans: infer Registered } ? Registered : Unregistered
interface Unregistered {
  readonly isUnregistered: true
}

/** Any text for what is not known: a file without plans has no codes. */
type OrAny<Name extends string> = [Name] extends [never] ? string : Name

/** The names of the features of a plans file. */
export type FeatureNameOf<Of> = Of extends { readonly features?: readonly (infer Name extends string)[] }
  ? Name
  : string

/** The codes of the plans of a plans file. */
export type PlanCodeOf<Of> = Of extends { readonly plans: infer All } ? OrAny<keyof All & string> : string

/** The names of the tiers that plans of a plans file can have. */
export type TierNameOf<Of> = Of extends { readonly tiers?: { readonly [Name in infer Tier extends string]: number } }
  ? Tier | 'free' | 'pro' | 'vip'
  : string

/** The currencies that plans of a plans file are sold in. */
export type PlanCurrencyOf<Of> = Of extends {
  readonly plans: { readonly [code: string]: { readonly prices: readonly { readonly currency: infer Code }[] } }
}
  ? OrAny<Code & string>
  : string

/** The name of a feature: one of the registered plans, or any text if none are registered. */
export type FeatureName = Plans extends Unregistered ? string : FeatureNameOf<Plans>
/** The code of a plan: one of the registered plans, or any text if none are registered. */
export type PlanCode = Plans extends Unregistered ? string : PlanCodeOf<Plans>
/** The name of a tier: one of the registered plans, or any text if none are registered. */
export type TierName = Plans extends Unregistered ? string : TierNameOf<Plans>
/** A currency of a plan: one of the registered plans, or any text if none are registered. */
export type PlanCurrency = Plans extends Unregistered ? string : PlanCurrencyOf<Plans>
