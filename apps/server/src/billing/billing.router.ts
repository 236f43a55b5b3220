import { z } from 'zod'
import { accountProcedure, mayDo } from '../accounts/index.ts'
import { SECOND } from '../platform/durations.ts'
import { limitConcurrency, limitConcurrencyByKey } from '../platform/limits/limit-concurrency.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, publicProcedure, router } from '../platform/rpc/trpc.ts'
import { scopeWith, type Scope } from '../platform/scope.ts'
import { readEntitlement } from './access/read-entitlement.ts'
import { readEntitlements } from './access/read-entitlements.ts'
import { withTimeBudget, type BillingDeps, type CallingScope } from './billing-scope.ts'
import {
  AddCardInput,
  CardInput,
  CardListView,
  CardPageView,
  ChangePreview,
  CheckoutView,
  CreatePlanInput,
  EntitlementView,
  GetPlanInput,
  PageInput,
  PaymentMethodView,
  PlanView,
  RetirePlanInput,
  RevisedPlan,
  PortalView,
  SubscribeInput,
  SubscriptionView,
  SwitchPreview,
  SyncedCards,
  SyncInput,
  TrialView,
  UpcomingView,
  UpdatePlanInput,
} from './billing.schemas.ts'
import { addCard } from './cards/add-card.ts'
import { listCards } from './cards/list-cards.ts'
import { makeCardPrimary } from './cards/make-card-primary.ts'
import { removeCard } from './cards/remove-card.ts'
import { syncCardPage } from './cards/sync-card-page.ts'
import { cancelSubscription } from './changes/cancel-subscription.ts'
import { changePlan } from './changes/change-plan.ts'
import { previewChange } from './changes/preview-change.ts'
import { resumeSubscription } from './changes/resume-subscription.ts'
import { createAdmission, type BuyersContext } from './checkout/admit-purchase.ts'
import { readBillingDetails, updateBillingDetails } from './checkout/billing-details.ts'
import { openPortal } from './checkout/open-portal.ts'
import { readPaymentMethod } from './checkout/read-payment-method.ts'
import { readTrial } from './checkout/read-trial.ts'
import { startCheckout } from './checkout/start-checkout.ts'
import { syncCheckout } from './checkout/sync-checkout.ts'
import { upgradeSubscription } from './checkout/upgrade-subscription.ts'
import { BillingDetailsView, UpdateDetailsInput } from './details.schemas.ts'
import { PurchaseChangeInput, PurchaseInput } from './discount.schemas.ts'
import { EntitlementsView } from './feature.schemas.ts'
import { previewNextPayment } from './metering/preview-next-payment.ts'
import { NextPayment } from './overage.schemas.ts'
import { PaymentExport, PaymentPage } from './payment.schemas.ts'
import { exportPayments } from './payments/export-payments.ts'
import { listPayments } from './payments/list-payments.ts'
import { createPlanProcedures } from './plan-procedures.router.ts'
import { createPlan } from './plans/create-plan.ts'
import { getPlan } from './plans/get-plan.ts'
import { listPlans } from './plans/list-plans.ts'
import { withRevision } from './plans/plan-revision.ts'
import { retirePlan } from './plans/retire-plan.ts'
import { updatePlan } from './plans/update-plan.ts'
import { createRecoveryProcedures } from './recovery-procedures.router.ts'
import { currentSubscription } from './subscriptions/current-subscription.ts'
import { cancelUpcoming } from './switches/cancel-upcoming.ts'
import { previewSwitch } from './switches/preview-switch.ts'
import { readUpcoming } from './switches/read-upcoming.ts'
import { startSwitch } from './switches/start-switch.ts'

/** The context of a procedure that changes billing, with its own name. */
interface ProcedureContext extends BuyersContext {
  readonly procedure: string
}

const buyerOf = ({ account, caller }: BuyersContext) => ({ accountId: account.id, userId: caller.user.id })

/** How long a page may wait for what it shows beside its subject, in milliseconds. */
const ASIDE_BUDGET = 3 * SECOND

/** Plans, subscriptions, and payments: `billing.*`. */
export function createBillingRouter(billing: BillingDeps) {
  const scopeOf = scopeWith({ billing })
  /** For procedures that call the provider. The time budget starts here. */
  const callingScopeOf = (context: Scope): CallingScope => withTimeBudget(scopeOf(context))
  /** What the caller sees and what they may do depends on their role in the account that the call names. */
  const memberProcedure = accountProcedure('see')
  const billingProcedure = accountProcedure('bill').use(({ next, path }) => next({ ctx: { procedure: path } }))

  const allowing = createPlanProcedures({ billing })
  const buying = createAdmission(billing)

  // These hold a connection and the customer's lock while they call the provider. They may use half of the pool.
  const inTurn = limitConcurrency({ atOnce: 5, waitingLimit: 50 })
  // All calls about one account wait for the same lock. More than one at a time would only keep others waiting.
  const inTurnOf = limitConcurrencyByKey({ waitingLimit: 10 })
  // Called when the input is complete. A client that sends its body slowly, or never, must not hold a turn.
  const locking = <T>(ctx: ProcedureContext, work: (scope: CallingScope) => Promise<T>) => {
    // Before the wait for a turn, which is part of the time that the caller waits.
    const calling = callingScopeOf(ctx)
    const scope = { ...calling, billing: { ...calling.billing, cause: `call:${ctx.procedure}:${ctx.caller.user.id}` } }
    return inTurnOf(ctx.account.id, async () => inTurn(() => work(scope)))
  }

  return router({
    plans: router({
      list: publicProcedure.output(z.array(PlanView)).query(({ ctx }) => listPlans(scopeOf(ctx))),

      get: publicProcedure
        .input(GetPlanInput)
        .output(RevisedPlan)
        .query(async ({ ctx, input }) => withRevision(await getPlan(scopeOf(ctx), input))),

      create: adminProcedure
        .input(CreatePlanInput)
        .output(RevisedPlan)
        .mutation(async ({ ctx, input }) =>
          withRevision(await createPlan(callingScopeOf(ctx), auditActor(ctx), input)),
        ),

      update: adminProcedure
        .input(UpdatePlanInput)
        .output(RevisedPlan)
        .mutation(async ({ ctx, input }) =>
          withRevision(await updatePlan(callingScopeOf(ctx), auditActor(ctx), input)),
        ),

      delete: adminProcedure
        .input(RetirePlanInput)
        .output(RevisedPlan)
        .mutation(async ({ ctx, input }) =>
          withRevision(await retirePlan(callingScopeOf(ctx), auditActor(ctx), input)),
        ),
    }),

    subscriptions: router({
      current: memberProcedure
        .output(SubscriptionView.nullable())
        .query(({ ctx }) =>
          currentSubscription(scopeOf(ctx), { accountId: ctx.account.id, mayPay: mayDo(ctx.account.role, 'bill') }),
        ),

      subscribe: billingProcedure
        .input(PurchaseInput)
        .output(CheckoutView)
        .mutation(buying('subscribe', (ctx, input) => startCheckout(callingScopeOf(ctx), buyerOf(ctx), input))),

      upgrade: billingProcedure
        .input(PurchaseInput)
        .output(CheckoutView)
        .mutation(buying('upgrade', (ctx, input) => upgradeSubscription(callingScopeOf(ctx), buyerOf(ctx), input))),

      previewChange: billingProcedure
        .input(PurchaseInput)
        .output(ChangePreview)
        .query(({ ctx, input }) => previewChange(callingScopeOf(ctx), { ...input, accountId: ctx.account.id })),

      nextPayment: billingProcedure
        .output(NextPayment.nullable())
        .query(({ ctx }) => previewNextPayment(callingScopeOf(ctx), { accountId: ctx.account.id })),

      change: billingProcedure
        .input(PurchaseChangeInput)
        .output(SubscriptionView)
        .mutation(
          buying('change', (ctx, input) =>
            locking(ctx, (scope) => changePlan(scope, { ...input, accountId: ctx.account.id })),
          ),
        ),

      upcoming: memberProcedure
        .output(UpcomingView.nullable())
        .query(({ ctx }) => readUpcoming(scopeOf(ctx), { accountId: ctx.account.id })),

      previewSwitch: billingProcedure
        .input(SubscribeInput)
        .output(SwitchPreview)
        .query(({ ctx, input }) => previewSwitch(callingScopeOf(ctx), { ...input, accountId: ctx.account.id })),

      switch: billingProcedure
        .input(SubscribeInput)
        .output(CheckoutView)
        .mutation(buying('switch', (ctx, input) => startSwitch(callingScopeOf(ctx), buyerOf(ctx), input))),

      cancelUpcoming: billingProcedure
        .output(SubscriptionView.nullable())
        .mutation(({ ctx }) => locking(ctx, (scope) => cancelUpcoming(scope, { accountId: ctx.account.id }))),

      cancel: billingProcedure
        .output(SubscriptionView)
        .mutation(({ ctx }) => locking(ctx, (scope) => cancelSubscription(scope, { accountId: ctx.account.id }))),

      resume: billingProcedure
        .output(SubscriptionView)
        .mutation(({ ctx }) => locking(ctx, (scope) => resumeSubscription(scope, { accountId: ctx.account.id }))),

      sync: billingProcedure
        .meta({ limit: 'reads', guard: 'verified' })
        .input(SyncInput)
        .output(SubscriptionView.nullable())
        .mutation(({ ctx, input }) =>
          locking(ctx, (scope) => syncCheckout(scope, { ...input, accountId: ctx.account.id })),
        ),
    }),

    entitlement: memberProcedure
      .output(EntitlementView)
      .query(({ ctx }) => readEntitlement(scopeOf(ctx), { accountId: ctx.account.id })),

    entitlements: memberProcedure
      .output(EntitlementsView)
      .query(({ ctx }) => readEntitlements(scopeOf(ctx), { accountId: ctx.account.id })),

    trial: memberProcedure
      .output(TrialView)
      .query(({ ctx }) => readTrial(withTimeBudget(scopeOf(ctx), ASIDE_BUDGET), { accountId: ctx.account.id })),

    ...createRecoveryProcedures({ callingScopeOf }),

    portal: billingProcedure
      .output(PortalView)
      .mutation(({ ctx }) => openPortal(callingScopeOf(ctx), { accountId: ctx.account.id })),

    paymentMethod: billingProcedure
      .output(PaymentMethodView.nullable())
      .query(({ ctx }) => readPaymentMethod(withTimeBudget(scopeOf(ctx), ASIDE_BUDGET), { accountId: ctx.account.id })),

    details: router({
      get: billingProcedure
        .output(BillingDetailsView)
        .query(({ ctx }) =>
          readBillingDetails(withTimeBudget(scopeOf(ctx), ASIDE_BUDGET), { accountId: ctx.account.id }),
        ),

      update: billingProcedure
        .input(UpdateDetailsInput)
        .output(BillingDetailsView)
        .mutation(({ ctx, input }) =>
          locking(ctx, (scope) => updateBillingDetails(scope, { ...input, accountId: ctx.account.id })),
        ),
    }),

    cards: router({
      list: billingProcedure
        .output(CardListView)
        .query(({ ctx }) => listCards(callingScopeOf(ctx), { accountId: ctx.account.id })),

      add: billingProcedure
        .input(AddCardInput.default({ paysOverdue: false }))
        .output(CardPageView)
        .mutation(({ ctx, input }) => addCard(callingScopeOf(ctx), { ...input, accountId: ctx.account.id })),

      sync: billingProcedure
        .meta({ limit: 'reads', guard: 'verified' })
        .input(SyncInput)
        .output(SyncedCards)
        .mutation(({ ctx, input }) =>
          locking(ctx, (scope) => syncCardPage(scope, { ...input, accountId: ctx.account.id })),
        ),

      makePrimary: billingProcedure
        .input(CardInput)
        .output(CardListView)
        .mutation(({ ctx, input }) =>
          locking(ctx, (scope) => makeCardPrimary(scope, { ...input, accountId: ctx.account.id })),
        ),

      remove: billingProcedure
        .input(CardInput)
        .output(CardListView)
        .mutation(({ ctx, input }) =>
          locking(ctx, (scope) => removeCard(scope, { ...input, accountId: ctx.account.id })),
        ),
    }),

    payments: router({
      list: billingProcedure
        .input(PageInput)
        .output(PaymentPage)
        .query(({ ctx, input }) => listPayments(scopeOf(ctx), { ...input, accountId: ctx.account.id })),

      export: allowing
        .tier('pro', 'bill')
        .output(PaymentExport)
        .query(({ ctx }) => exportPayments(scopeOf(ctx), { accountId: ctx.account.id })),
    }),
  })
}
