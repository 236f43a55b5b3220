import { z } from 'zod'
import { publicProcedure, router, verifiedProcedure, type CallerContext, type Context } from '../platform/trpc.ts'
import type { BillingParts, BillingScope } from './billing-scope.ts'
import {
  CheckoutView,
  GetPlanInput,
  PageInput,
  PaymentPage,
  PlanView,
  SubscribeInput,
  SubscriptionView,
  SyncInput,
} from './billing.schemas.ts'
import { currentSubscription } from './current-subscription.ts'
import type { Payer } from './ensure-customer.ts'
import { getPlan } from './get-plan.ts'
import { listPayments } from './list-payments.ts'
import { listPlans } from './list-plans.ts'
import { startCheckout } from './start-checkout.ts'
import { syncCheckout } from './sync-checkout.ts'

/** Plans, subscriptions and payments: `billing.*`. */
export function createBillingRouter(billing: BillingParts) {
  const scopeOf = ({ em, jobs, clock, log }: Context): BillingScope => ({ em, jobs, clock, log, billing })
  const payerOf = ({ caller }: CallerContext): Payer => ({
    userId: caller.user.id,
    email: caller.user.email,
    username: caller.user.username,
  })

  return router({
    plans: router({
      list: publicProcedure.output(z.array(PlanView)).query(({ ctx }) => listPlans(scopeOf(ctx))),

      get: publicProcedure
        .input(GetPlanInput)
        .output(PlanView)
        .query(({ ctx, input }) => getPlan(scopeOf(ctx), input)),
    }),

    subscriptions: router({
      current: verifiedProcedure
        .output(SubscriptionView.nullable())
        .query(({ ctx }) => currentSubscription(scopeOf(ctx), { userId: ctx.caller.user.id })),

      subscribe: verifiedProcedure
        .input(SubscribeInput)
        .output(CheckoutView)
        .mutation(({ ctx, input }) => startCheckout(scopeOf(ctx), payerOf(ctx), input)),

      sync: verifiedProcedure
        .input(SyncInput)
        .output(SubscriptionView.nullable())
        .mutation(({ ctx, input }) => syncCheckout(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })),
    }),

    payments: router({
      list: verifiedProcedure
        .input(PageInput)
        .output(PaymentPage)
        .query(({ ctx, input }) => listPayments(scopeOf(ctx), { ...input, userId: ctx.caller.user.id })),
    }),
  })
}
