/**
 * Register your plans here, and feature names become a type:
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

/** The name of a feature: one of the registered plans, or any text if none are registered. */
export type FeatureName = Register extends {
  plans: { readonly features?: readonly (infer Name extends string)[] }
}
  ? Name
  : string
