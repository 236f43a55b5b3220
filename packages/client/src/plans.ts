import type { CurrencyCode } from './currencies.ts'

/**
 * Register your plans here, and the names of features, plans, tiers and currencies become types. Register your
 * configuration, and your own fields, reasons and procedures become types:
 *
 * ```ts
 * declare module '@tollgate/client' {
 *   interface Register {
 *     plans: typeof import('./tollgate.plans.ts').default
 *     config: typeof import('./tollgate.config.ts').default
 *   }
 * }
 * ```
 */
export interface Register {}

/** One price of a plan. In the currency's smallest unit. */
export interface PlanPrice<Currency extends string = string> {
  readonly billingPeriod: 'monthly' | 'yearly'
  readonly currency: Currency
  readonly priceCents: number
  /** What each member above `seats.included` costs. Either all prices of a plan have it, or none has. */
  readonly perSeatCents?: number
  /** Who collects it; by default `stripe`. */
  readonly provider?: 'stripe' | 'paymob'
}

/** How much of a feature a plan allows: `true` is any amount. */
export type FeatureValue =
  | true
  | {
      readonly limit: number | null
      readonly per: 'period' | 'month' | 'day' | 'total'
      /** With it, more than the limit may be used, and each unit is billed. */
      readonly overage?: { readonly unitPriceCents: number }
    }

/** One plan of a plans file. */
export interface PlanDefinition<
  Feature extends string = string,
  Tier extends string = string,
  Currency extends string = string,
> {
  readonly name: string
  readonly description?: string | null
  /** By default, the plans stand in the order of the file. */
  readonly sortOrder?: number
  readonly highlighted?: boolean
  readonly tier: Tier | 'free' | 'pro' | 'vip'
  readonly trialDays?: number
  /** All prices at which it is sold. The first one is shown where there is room for one. */
  readonly prices: readonly [PlanPrice<Currency>, ...PlanPrice<Currency>[]]
  readonly seats?: { readonly included: number; readonly max?: number | null } | null
  readonly features?: { readonly [Name in Feature]?: FeatureValue }
}

/** What a plans file exports. */
export interface PlansFile<
  Feature extends string = string,
  Tier extends string = string,
  Code extends string = string,
  Currency extends string = string,
> {
  /** Tiers beside `free` (rank 0), `pro` (10) and `vip` (20), each with its rank. */
  readonly tiers?: { readonly [Name in Tier]: number }
  /** The names of all features. With it, no other name compiles. */
  readonly features?: readonly Feature[]
  /** By their codes. A plan on sale that is not here is retired. */
  readonly plans: { readonly [Each in Code]: PlanDefinition<Feature, Tier, Currency> }
}

/** Types a plans file, `tollgate.plans.ts`, whose default export `apply-plans` applies. It hands its argument back. */
export function definePlans<
  const Feature extends string = string,
  const Tier extends string = never,
  const Code extends string = string,
  const Currency extends CurrencyCode = CurrencyCode,
>(plans: {
  readonly tiers?: { readonly [Name in Tier]: number }
  readonly features?: readonly Feature[]
  readonly plans: { readonly [Each in Code]: PlanDefinition<NoInfer<Feature>, NoInfer<Tier>, Currency> }
}): PlansFile<Feature, Tier, Code, Currency> {
  return plans
}
