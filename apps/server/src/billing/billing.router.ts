import { z } from 'zod'
import { limitConcurrency, limitConcurrencyByKey } from '../platform/limits/limit-concurrency.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, publicProcedure, router, verifiedProcedure, type CallerContext } from '../platform/rpc/trpc.ts'
import { scopeWith, type Scope } from '../platform/scope.ts'
import { readEntitlement } from './access/read-entitlement.ts'
import { requireTier } from './access/require-tier.ts'
import type { Tier } from './access/tiers.ts'
import { withTimeBudget, type BillingDeps, type CallingScope } from './billing-scope.ts'
import {
  ChangeInput,
  ChangePreview,
  CheckoutView,
  CreatePlanInput,
  EntitlementView,
  GetPlanInput,
  PageInput,
  PaymentExport,
  PaymentPage,
  PlanView,
  PortalView,
  SubscribeInput,
  SubscriptionView,
  SyncInput,
  UpdatePlanInput,
} from './billing.schemas.ts'
import { cancelSubscription } from './changes/cancel-subscription.ts'
import { changePlan } from './changes/change-plan.ts'
import { previewChange } from './changes/preview-change.ts'
import { resumeSubscription } from './changes/resume-subscription.ts'
import { openPortal } from './checkout/open-portal.ts'
import { startCheckout } from './checkout/start-checkout.ts'
import { syncCheckout } from './checkout/sync-checkout.ts'
import { upgradeSubscription } from './checkout/upgrade-subscription.ts'
import type { Payer } from './customers/ensure-customer.ts'
import { exportPayments } from './payments/export-payments.ts'
import { listPayments } from './payments/list-payments.ts'
import { createPlan } from './plans/create-plan.ts'
import { getPlan } from './plans/get-plan.ts'
import { listPlans } from './plans/list-plans.ts'
import { retirePlan } from './plans/retire-plan.ts'
import { updatePlan } from './plans/update-plan.ts'
import { currentSubscription } from './subscriptions/current-subscription.ts'

/** Plans, subscriptions, and payments: `billing.*`. */
export function createBillingRouter(billing: BillingDeps) {
  const scopeOf = scopeWith({ billing })
  /** For procedures that call the provider. The time budget starts here. */
  const callingScopeOf = (context: Scope): CallingScope => withTimeBudget(scopeOf(context))
  const payerOf = ({ caller }: CallerContext): Payer => ({
    userId: caller.user.id,
    email: caller.user.email,
    username: caller.user.username,
  })

  /** Requires access on a plan of at least this tier. */
  const tierProcedure = (tier: Tier) =>
    verifiedProcedure.use(async ({ ctx, next }) => {
      await requireTier(scopeOf(ctx), { userId: ctx.caller.user.id, tier })
      return next()
    })

  // These hold a connection and the customer's lock while they call the provider. They may use half of the pool.
  const inTurn = limitConcurrency({ atOnce: 5, waitingLimit: 50 })
  // All calls of one user wait for the same lock. More than one at a time would only keep other users waiting.
  const inTurnOf = limitConcurrencyByKey({ waitingLimit: 10 })
  // Called when the input is complete. A client that sends its body slowly, or never, must not hold a turn.
  const locking = <T>(ctx: CallerContext, work: (scope: CallingScope) => Promise<T>) => {
    // Before the wait for a turn, which is part of the time that the caller waits.
    const scope = callingScopeOf(ctx)
    return inTurnOf(ctx.caller.user.id, async () => inTurn(() => work(scope)))
  }

  return router({
    plans: router({
      list: publicProcedure.output(z.array(PlanView)).query(({ ctx }) => listPlans(scopeOf(ctx))),

      get: publicProcedure
        .input(GetPlanInput)
        .output(PlanView)
        .query(({ ctx, input }) => getPlan(scopeOf(ctx), input)),

      create: adminProcedure
        .input(CreatePlanInput)
        .output(PlanView)
        .mutation(({ ctx, input }) => createPlan(callingScopeOf(ctx), auditActor(ctx), input)),

      update: adminProcedure
        .input(UpdatePlanInput)
        .output(PlanView)
        .mutation(({ ctx, input }) => updatePlan(callingScopeOf(ctx), auditActor(ctx), input)),

      delete: adminProcedure
        .input(GetPlanInput)
        .output(PlanView)
        .mutation(({ ctx, input }) => retirePlan(callingScopeOf(ctx), auditActor(ctx), input)),
    }),

    subscriptions: router({
      current: verifiedProcedure
        .output(SubscriptionView.nullable())
        .query(({ ctx }) => currentSubscription(scopeOf(ctx), { userId: ctx.caller.user.id })),

      subscribe: verifiedProcedure
        .input(SubscribeInput)
        .output(CheckoutView)
        .mutation(({ ctx, input }) => startCheckout(callingScopeOf(ctx), payerOf(ctx), input)),

      upgrade: verifiedProcedure
        .input(SubscribeInput)
        .output(CheckoutView)
        .mutation(({ ctx, input }) => upgradeSubscription(callingScopeOf(ctx), payerOf(ctx), input)),

      previewChange: verifiedProcedure
        .input(SubscribeInput)
        .output(ChangePreview)
        .query(({ ctx, input }) => previewChange(callingScopeOf(ctx), { ...input, userId: ctx.caller.user.id })),

      change: verifiedProcedure
        .input(ChangeInput)
        .output(SubscriptionView)
        .mutation(({ ctx, input }) =>
          locking(ctx, (scope) => changePlan(scope, { ...input, userId: ctx.caller.user.id })),
        ),

      cancel: verifiedProcedure
        .output(SubscriptionView)
        .mutation(({ ctx }) => locking(ctx, (scope) => cancelSubscription(scope, { userId: ctx.caller.user.id }))),

      resume: verifiedProcedure
        .output(SubscriptionView)
        .mutation(({ ctx }) => locking(ctx, (scope) => resumeSubscription(scope, { userId: ctx.caller.user.id }))),

      sync: verifiedProcedure
        .meta({ limit: 'reads', guard: 'verified' })
        .input(SyncInput)
        .output(SubscriptionView.nullable())
        .mutation(({ ctx, input }) =>
          locking(ctx, (scope) => syncCheckout(scope, { ...input, userId: ctx.caller.user.id })),
        ),
    }),

    entitlement: verifiedProcedure
      .output(EntitlementView)
      .query(({ ctx }) => readEntitlement(scopeOf(ctx), { userId: ctx.caller.user.id })),

    portal: verifiedProcedure.output(PortalView).mutation(({ ctx }) => openPortal(callingScopeOf(ctx), payerOf(ctx))),

    payments: router({
      list: verifiedProcedure
        .input(PageInput)
        .output(PaymentPage)
        .query(({ ctx, input }) => listPayments(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })),

      export: tierProcedure('pro')
        .output(PaymentExport)
        .query(({ ctx }) => exportPayments(scopeOf(ctx), { userId: ctx.caller.user.id })),
    }),
  })
}
