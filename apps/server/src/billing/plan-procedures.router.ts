import { accountProcedure, type Right } from '../accounts/index.ts'
import { scopeWith, type Scope } from '../platform/scope.ts'
import { requireFeature } from './access/require-feature.ts'
import { requireTier } from './access/require-tier.ts'
import type { BillingDeps } from './billing-scope.ts'
import type { FeatureName, TierName } from './feature.schemas.ts'

/**
 * Procedures about an account that its plan has to allow. A denial carries the cheapest plan that would.
 *
 * @param deps is read when a procedure is called, not before.
 */
export function createPlanProcedures(deps: { readonly billing: BillingDeps }) {
  const scopeOf = (ctx: Scope) => scopeWith({ billing: deps.billing })(ctx)

  return {
    /** Requires access on a plan of at least this tier, for callers with this right in the account. */
    tier: (tier: TierName, right: Right) =>
      accountProcedure(right).use(async ({ ctx, next }) => {
        await requireTier(scopeOf(ctx), { accountId: ctx.account.id, tier })
        return next()
      }),

    /** Requires that the account may use at least one more of a feature. It counts nothing. */
    feature: (feature: FeatureName, right: Right) =>
      accountProcedure(right).use(async ({ ctx, next }) => {
        await requireFeature(scopeOf(ctx), { accountId: ctx.account.id, feature })
        return next()
      }),
  }
}
