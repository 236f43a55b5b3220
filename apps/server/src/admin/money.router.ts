import {
  applyDiscount,
  cancelAnyChange,
  cancelAnySubscription,
  changeAnySubscription,
  createDiscount,
  endDiscount,
  grantSubscription,
  listDiscounts,
  previewAnyChange,
  previewCancel,
  previewMove,
  previewRefund,
  previewUpdate,
  refundPayment,
  startMove,
  stopMove,
  withTimeBudget,
  type BillingDeps,
} from '../billing/index.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, router, type CallerContext } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { ById, PageInput } from './admin.schemas.ts'
import {
  ApplyDiscountInput,
  CancelAnySubscriptionInput,
  CancelPreview,
  ChangeAnySubscriptionInput,
  ChangePreview,
  CreateDiscountInput,
  DiscountPage,
  DiscountView,
  DisputePage,
  EndDiscountInput,
  GrantSubscriptionInput,
  ListDiscountsInput,
  ListDisputesInput,
  ListPaymentsInput,
  ListSubscriptionsInput,
  OwnedPaymentPage,
  PaymentDetails,
  PaymentView,
  PreviewAnyChangeInput,
  RefundPage,
  RefundPaymentInput,
  RefundPreview,
  SubscriptionDetails,
  SubscriptionPage,
  SubscriptionView,
} from './money.schemas.ts'
import { getAnyPlan } from './money/get-any-plan.ts'
import { getPayment } from './money/get-payment.ts'
import { getSubscription } from './money/get-subscription.ts'
import { listAllPayments } from './money/list-all-payments.ts'
import { listAllPlans } from './money/list-all-plans.ts'
import { listDisputes } from './money/list-disputes.ts'
import { listMoveItems } from './money/list-move-items.ts'
import { listMoves } from './money/list-moves.ts'
import { listRecoveries } from './money/list-recoveries.ts'
import { listRefunds } from './money/list-refunds.ts'
import { listSubscriptions } from './money/list-subscriptions.ts'
import { summarizeRecoveries } from './money/summarize-recoveries.ts'
import {
  ListMoveItemsInput,
  ListMovesInput,
  ListPlansInput,
  MoveItemPage,
  MovePage,
  MovePlanInput,
  MovePreview,
  MoveRef,
  PlanDetails,
  PlanPage,
  PreviewMoveInput,
  UpdatePlanInput,
  UpdatePlanPreview,
} from './plans.schemas.ts'
import { ListRecoveriesInput, RecoveryPage, RecoverySummary, RecoverySummaryInput } from './recoveries.schemas.ts'

/** Plans, subscriptions, payments and disputes, for operators. Billing implements what changes money. */
export function createMoneyRouters(billing: BillingDeps) {
  const scopeOf = scopeWith({ billing })
  /** For what changes a subscription. Its history says who did it. */
  const operatorProcedure = adminProcedure.use(({ next, path }) => next({ ctx: { procedure: path } }))
  const actingScopeOf = (ctx: CallerContext & { procedure: string }) => {
    const scope = scopeOf(ctx)
    return { ...scope, billing: { ...billing, cause: `call:${ctx.procedure}:${ctx.caller.user.id}` } }
  }

  return {
    plans: router({
      list: adminProcedure
        .input(ListPlansInput)
        .output(PlanPage)
        .query(({ ctx, input }) => listAllPlans(scopeOf(ctx), input)),

      get: adminProcedure
        .input(ById)
        .output(PlanDetails)
        .query(({ ctx, input }) => getAnyPlan(scopeOf(ctx), input)),

      previewUpdate: adminProcedure
        .input(UpdatePlanInput)
        .output(UpdatePlanPreview)
        .query(({ ctx, input }) => previewUpdate(scopeOf(ctx), input)),

      previewMove: adminProcedure
        .input(PreviewMoveInput)
        .output(MovePreview)
        .query(({ ctx, input }) => previewMove(scopeOf(ctx), input)),

      move: adminProcedure
        .input(MovePlanInput)
        .output(MoveRef)
        .mutation(({ ctx, input }) => startMove(withTimeBudget(scopeOf(ctx)), auditActor(ctx), input)),

      stopMove: adminProcedure
        .input(ById)
        .output(MoveRef)
        .mutation(({ ctx, input }) => stopMove(scopeOf(ctx), auditActor(ctx), input)),

      moves: adminProcedure
        .input(ListMovesInput)
        .output(MovePage)
        .query(({ ctx, input }) => listMoves(scopeOf(ctx), input)),

      moveItems: adminProcedure
        .input(ListMoveItemsInput)
        .output(MoveItemPage)
        .query(({ ctx, input }) => listMoveItems(scopeOf(ctx), input)),
    }),

    discounts: router({
      list: adminProcedure
        .input(ListDiscountsInput)
        .output(DiscountPage)
        .query(({ ctx, input }) => listDiscounts(scopeOf(ctx), input)),

      create: adminProcedure
        .input(CreateDiscountInput)
        .output(DiscountView)
        .mutation(({ ctx, input }) => createDiscount(withTimeBudget(scopeOf(ctx)), auditActor(ctx), input)),

      end: adminProcedure
        .input(EndDiscountInput)
        .output(DiscountView)
        .mutation(({ ctx, input }) => endDiscount(withTimeBudget(scopeOf(ctx)), auditActor(ctx), input)),
    }),

    subscriptions: router({
      list: adminProcedure
        .input(ListSubscriptionsInput)
        .output(SubscriptionPage)
        .query(({ ctx, input }) => listSubscriptions(scopeOf(ctx), input)),

      get: adminProcedure
        .input(ById)
        .output(SubscriptionDetails)
        .query(({ ctx, input }) => getSubscription(scopeOf(ctx), input)),

      previewCancel: adminProcedure
        .input(CancelAnySubscriptionInput)
        .output(CancelPreview)
        .query(({ ctx, input }) => previewCancel(scopeOf(ctx), input)),

      previewChange: adminProcedure
        .input(PreviewAnyChangeInput)
        .output(ChangePreview)
        .query(({ ctx, input }) => previewAnyChange(withTimeBudget(scopeOf(ctx)), input)),

      change: operatorProcedure
        .input(ChangeAnySubscriptionInput)
        .output(SubscriptionView)
        .mutation(({ ctx, input }) =>
          changeAnySubscription(withTimeBudget(actingScopeOf(ctx)), auditActor(ctx), input),
        ),

      cancelChange: operatorProcedure
        .input(ById)
        .output(SubscriptionView)
        .mutation(({ ctx, input }) => cancelAnyChange(withTimeBudget(actingScopeOf(ctx)), auditActor(ctx), input)),

      applyDiscount: operatorProcedure
        .input(ApplyDiscountInput)
        .output(SubscriptionView)
        .mutation(({ ctx, input }) => applyDiscount(withTimeBudget(actingScopeOf(ctx)), auditActor(ctx), input)),

      grant: operatorProcedure
        .input(GrantSubscriptionInput)
        .output(SubscriptionView)
        .mutation(({ ctx, input }) => grantSubscription(actingScopeOf(ctx), auditActor(ctx), input)),

      cancel: operatorProcedure
        .input(CancelAnySubscriptionInput)
        .output(SubscriptionView)
        .mutation(({ ctx, input }) =>
          cancelAnySubscription(withTimeBudget(actingScopeOf(ctx)), auditActor(ctx), input),
        ),
    }),

    payments: router({
      list: adminProcedure
        .input(ListPaymentsInput)
        .output(OwnedPaymentPage)
        .query(({ ctx, input }) => listAllPayments(scopeOf(ctx), input)),

      get: adminProcedure
        .input(ById)
        .output(PaymentDetails)
        .query(({ ctx, input }) => getPayment(scopeOf(ctx), input)),

      previewRefund: adminProcedure
        .input(RefundPaymentInput)
        .output(RefundPreview)
        .query(({ ctx, input }) => previewRefund(scopeOf(ctx), input)),

      refund: operatorProcedure
        .input(RefundPaymentInput)
        .output(PaymentView)
        .mutation(({ ctx, input }) => refundPayment(withTimeBudget(actingScopeOf(ctx)), auditActor(ctx), input)),
    }),

    refunds: router({
      list: adminProcedure
        .input(PageInput)
        .output(RefundPage)
        .query(({ ctx, input }) => listRefunds(scopeOf(ctx), input)),
    }),

    recoveries: router({
      list: adminProcedure
        .input(ListRecoveriesInput)
        .output(RecoveryPage)
        .query(({ ctx, input }) => listRecoveries(scopeOf(ctx), input)),

      summary: adminProcedure
        .input(RecoverySummaryInput)
        .output(RecoverySummary)
        .query(({ ctx, input }) => summarizeRecoveries(scopeOf(ctx), input)),
    }),

    disputes: router({
      list: adminProcedure
        .input(ListDisputesInput)
        .output(DisputePage)
        .query(({ ctx, input }) => listDisputes(scopeOf(ctx), input)),
    }),
  }
}
