import { z } from 'zod'
import { createTurns, createTurnsByKey } from '../platform/limits/turns.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import {
  adminProcedure,
  publicProcedure,
  router,
  verifiedProcedure,
  type CallerContext,
  type Context,
} from '../platform/rpc/trpc.ts'
import type { BillingParts, BillingScope } from './billing-scope.ts'
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
import { cancelSubscription } from './cancel-subscription.ts'
import { changePlan } from './change-plan.ts'
import { createPlan } from './create-plan.ts'
import { currentSubscription } from './current-subscription.ts'
import type { Payer } from './ensure-customer.ts'
import { exportPayments } from './export-payments.ts'
import { getPlan } from './get-plan.ts'
import { listPayments } from './list-payments.ts'
import { listPlans } from './list-plans.ts'
import { openPortal } from './open-portal.ts'
import { previewChange } from './preview-change.ts'
import { readEntitlement } from './read-entitlement.ts'
import { requireTier, type Tier } from './require-tier.ts'
import { resumeSubscription } from './resume-subscription.ts'
import { retirePlan } from './retire-plan.ts'
import { startCheckout } from './start-checkout.ts'
import { syncCheckout } from './sync-checkout.ts'
import { updatePlan } from './update-plan.ts'
import { upgradeSubscription } from './upgrade-subscription.ts'

/** Plans, subscriptions and payments: `billing.*`. */
export function createBillingRouter(billing: BillingParts) {
  const scopeOf = ({ em, jobs, clock, log }: Context): BillingScope => ({ em, jobs, clock, log, billing })
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
  const inTurn = createTurns({ atOnce: 5, waitingLimit: 50 })
  // All of one user's wait for the same lock: more than one of them would only keep others from their turn.
  const inTurnOf = createTurnsByKey({ waitingLimit: 10 })
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
