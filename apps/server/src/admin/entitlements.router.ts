import { z } from 'zod'
import { listOverrides, removeOverride, setOverride, type BillingDeps } from '../billing/index.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, router } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { ListOverridesInput, OverrideInput, OverrideView, RemoveOverrideInput } from './entitlements.schemas.ts'

/** What single accounts may use, whatever their plan says. */
export function createEntitlementsRouter(billing: BillingDeps) {
  const scopeOf = scopeWith({ billing })

  return router({
    override: adminProcedure
      .input(OverrideInput)
      .output(OverrideView)
      .mutation(({ ctx, input }) => setOverride(scopeOf(ctx), auditActor(ctx), input)),

    list: adminProcedure
      .input(ListOverridesInput)
      .output(z.array(OverrideView))
      .query(({ ctx, input }) => listOverrides(scopeOf(ctx), input)),

    remove: adminProcedure
      .input(RemoveOverrideInput)
      .output(OverrideView)
      .mutation(({ ctx, input }) => removeOverride(scopeOf(ctx), auditActor(ctx), input)),
  })
}
