/**
 * Register your plans here, and the names of features, plans and tiers become types:
 *
 * ```ts
 * declare module '@tollgate/server' {
 *   interface Register {
 *     plans: typeof import('./tollgate.plans.ts').default
 *   }
 * }
 * ```
 */
export interface Register {}

/** Any text for what is not known: a file without plans has no codes. */
type OrAny<Name extends string> = [Name] extends [never] ? string : Name

/** The name of a feature: one of the registered plans, or any text if none are registered. */
export type FeatureName = Register extends { plans: infer Plans }
  ? Plans extends { readonly features?: readonly (infer Name extends string)[] }
    ? Name
    : string
  : string

/** The code of a plan: one of the registered plans, or any text if none are registered. */
export type PlanCode = Register extends { plans: { readonly plans: infer All } } ? OrAny<keyof All & string> : string

/** The name of a tier: one of the registered plans, or any text if none are registered. */
export type TierName = Register extends {
  plans: { readonly tiers?: { readonly [Name in infer Tier extends string]: number } }
}
  ? Tier | 'free' | 'pro' | 'vip'
  : string
