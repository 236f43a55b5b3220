import { z } from 'zod'
import { limitConcurrency, limitConcurrencyByKey } from '../platform/limits/limit-concurrency.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, publicProcedure, router, verifiedProcedure, type CallerContext } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { readEntitlement } from './access/read-entitlement.ts'
import { requireTier } from './access/require-tier.ts'
import type { Tier } from './access/tiers.ts'
import type { BillingParts } from './billing-scope.ts'
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
import { PROVIDER_CALLS } from './billing.settings.ts'
import { cancelSubscription } from './changes/cancel-subscription.ts'
import { changePlan } from './changes/change-plan.ts'
import { previewChange } from './changes/preview-change.ts'
import { resumeSubscription } from './changes/resume-subscription.ts'
import { startCheckout } from './checkout/start-checkout.ts'
import { syncCheckout } from './checkout/sync-checkout.ts'
import { upgradeSubscription } from './checkout/upgrade-subscription.ts'
import type { Payer } from './customers/ensure-customer.ts'
import { openPortal } from './customers/open-portal.ts'
import { exportPayments } from './payments/export-payments.ts'
import { listPayments } from './payments/list-payments.ts'
import { createPlan } from './plans/create-plan.ts'
import { getPlan } from './plans/get-plan.ts'
import { listPlans } from './plans/list-plans.ts'
import { retirePlan } from './plans/retire-plan.ts'
import { updatePlan } from './plans/update-plan.ts'
import { currentSubscription } from './subscriptions/current-subscription.ts'

/** Plans, subscriptions and payments: `billing.*`. */
export function createBillingRouter(billing: BillingParts) {
  const scopeOf = scopeWith({ billing })
  const payerOf = ({ caller }: CallerContext): Payer => ({
    userId: caller.user.id,
    email: caller.user.email,
    username: caller.user.username,
  })

  /** Lets those through who have access on a plan of at least this tier. */
  const tierProcedure = (tier: Tier) =>
    verifiedProcedure.use(async ({ ctx, next }) => {
      await requireTier(scopeOf(ctx), { userId: ctx.caller.user.id, tier })
      return next()
    })

  const callingProcedure = verifiedProcedure.use(({ next }) =>
    billing.provider.within(PROVIDER_CALLS, async () => next()),
  )
  const callingAdminProcedure = adminProcedure.use(({ next }) =>
    billing.provider.within(PROVIDER_CALLS, async () => next()),
  )

  // These hold a connection and the customer's lock while they ask the provider: never more than half of the pool.
  const inTurn = limitConcurrency({ atOnce: 5, waitingLimit: 50 })
  // All of one user's wait for the same lock: more than one of them would only keep others from their turn.
  const inTurnOf = limitConcurrencyByKey({ waitingLimit: 10 })
  // Only once the input is there: who sends his body slowly, or never, must not hold a turn meanwhile.
  const locking = <T>({ caller }: CallerContext, work: () => Promise<T>) =>
    inTurnOf(caller.user.id, async () => inTurn(work))

  return router({
    plans: router({
      list: publicProcedure.output(z.array(PlanView)).query(({ ctx }) => listPlans(scopeOf(ctx))),

      get: publicProcedure
        .input(GetPlanInput)
        .output(PlanView)
        .query(({ ctx, input }) => getPlan(scopeOf(ctx), input)),

      create: callingAdminProcedure
        .input(CreatePlanInput)
        .output(PlanView)
        .mutation(({ ctx, input }) => createPlan(scopeOf(ctx), auditActor(ctx), input)),

      update: callingAdminProcedure
        .input(UpdatePlanInput)
        .output(PlanView)
        .mutation(({ ctx, input }) => updatePlan(scopeOf(ctx), auditActor(ctx), input)),

      delete: callingAdminProcedure
        .input(GetPlanInput)
        .output(PlanView)
        .mutation(({ ctx, input }) => retirePlan(scopeOf(ctx), auditActor(ctx), input)),
    }),

    subscriptions: router({
      current: verifiedProcedure
        .output(SubscriptionView.nullable())
        .query(({ ctx }) => currentSubscription(scopeOf(ctx), { userId: ctx.caller.user.id })),

      subscribe: callingProcedure
        .input(SubscribeInput)
        .output(CheckoutView)
        .mutation(({ ctx, input }) => startCheckout(scopeOf(ctx), payerOf(ctx), input)),

      upgrade: callingProcedure
        .input(SubscribeInput)
        .output(CheckoutView)
        .mutation(({ ctx, input }) => upgradeSubscription(scopeOf(ctx), payerOf(ctx), input)),

      previewChange: callingProcedure
        .input(SubscribeInput)
        .output(ChangePreview)
        .query(({ ctx, input }) => previewChange(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })),

      change: callingProcedure
        .input(ChangeInput)
        .output(SubscriptionView)
        .mutation(({ ctx, input }) =>
          locking(ctx, () => changePlan(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })),
        ),

      cancel: callingProcedure
        .output(SubscriptionView)
        .mutation(({ ctx }) => locking(ctx, () => cancelSubscription(scopeOf(ctx), { userId: ctx.caller.user.id }))),

      resume: callingProcedure
        .output(SubscriptionView)
        .mutation(({ ctx }) => locking(ctx, () => resumeSubscription(scopeOf(ctx), { userId: ctx.caller.user.id }))),

      sync: callingProcedure
        .meta({ limit: 'reads', guard: 'verified' })
        .input(SyncInput)
        .output(SubscriptionView.nullable())
        .mutation(({ ctx, input }) =>
          locking(ctx, () => syncCheckout(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })),
        ),
    }),

    entitlement: verifiedProcedure
      .output(EntitlementView)
      .query(({ ctx }) => readEntitlement(scopeOf(ctx), { userId: ctx.caller.user.id })),

    portal: callingProcedure
      .output(PortalView)
      .mutation(({ ctx }) => openPortal(scopeOf(ctx), { userId: ctx.caller.user.id })),

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
