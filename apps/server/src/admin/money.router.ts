import {
  cancelAnySubscription,
  grantSubscription,
  refundPayment,
  withTimeBudget,
  type BillingDeps,
} from '../billing/index.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, router } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import {
  CancelAnySubscriptionInput,
  GrantSubscriptionInput,
  ListPaymentsInput,
  ListSubscriptionsInput,
  OwnedPaymentPage,
  PaymentView,
  RefundPaymentInput,
  SubscriptionPage,
  SubscriptionView,
} from './money.schemas.ts'
import { listAllPayments } from './money/list-all-payments.ts'
import { listSubscriptions } from './money/list-subscriptions.ts'

/** Plans, subscriptions, payments and disputes, for operators. Billing implements what changes money. */
export function createMoneyRouters(billing: BillingDeps) {
  const scopeOf = scopeWith({ billing })

  return {
    subscriptions: router({
      list: adminProcedure
        .input(ListSubscriptionsInput)
        .output(SubscriptionPage)
        .query(({ ctx, input }) => listSubscriptions(scopeOf(ctx), input)),

      grant: adminProcedure
        .input(GrantSubscriptionInput)
        .output(SubscriptionView)
        .mutation(({ ctx, input }) => grantSubscription(scopeOf(ctx), auditActor(ctx), input)),

      cancel: adminProcedure
        .input(CancelAnySubscriptionInput)
        .output(SubscriptionView)
        .mutation(({ ctx, input }) => cancelAnySubscription(withTimeBudget(scopeOf(ctx)), auditActor(ctx), input)),
    }),

    payments: router({
      list: adminProcedure
        .input(ListPaymentsInput)
        .output(OwnedPaymentPage)
        .query(({ ctx, input }) => listAllPayments(scopeOf(ctx), input)),

      refund: adminProcedure
        .input(RefundPaymentInput)
        .output(PaymentView)
        .mutation(({ ctx, input }) => refundPayment(withTimeBudget(scopeOf(ctx)), auditActor(ctx), input)),
    }),
  }
}
