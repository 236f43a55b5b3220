import { CardCheck } from './card-check.entity.ts'
import { Checkout } from './checkout.entity.ts'
import { CodeCheck } from './code-check.entity.ts'
import { Customer } from './customer.entity.ts'
import { DebtPage } from './debt-page.entity.ts'
import { Discount } from './discount.entity.ts'
import { Dispute } from './dispute.entity.ts'
import { EntitlementOverride } from './entitlement-override.entity.ts'
import { MrrChange } from './mrr-change.entity.ts'
import { OveragePrice } from './overage-price.entity.ts'
import { OverageReport } from './overage-report.entity.ts'
import { PayLink } from './pay-link.entity.ts'
import { Payment } from './payment.entity.ts'
import { PlanChange } from './plan-change.entity.ts'
import { PlanMoveItem } from './plan-move-item.entity.ts'
import { PlanMove } from './plan-move.entity.ts'
import { PlanPrice } from './plan-price.entity.ts'
import { Plan } from './plan.entity.ts'
import { ProviderCursor } from './provider-cursor.entity.ts'
import { ProviderEvent } from './provider-event.entity.ts'
import { ReconciliationFinding } from './reconciliation-finding.entity.ts'
import { Recovery } from './recovery.entity.ts'
import { Refund } from './refund.entity.ts'
import { SubscriptionState } from './subscription-state.entity.ts'
import { Subscription } from './subscription.entity.ts'
import { UpcomingSubscription } from './upcoming-subscription.entity.ts'
import { UsageCounter } from './usage-counter.entity.ts'
import { UsageEntry } from './usage-entry.entity.ts'

export { applyEvent } from './events/apply-event.ts'
export {
  ApplyPaymobEvent,
  ApplyStripeEvent,
  ArchiveAgain,
  CancelSuperseded,
  EndBilling,
  EndDiscount,
  EndForClosedAccount,
  ExpireCheckouts,
  ExpirePlanCheckouts,
  ExpireSubscriptions,
  FinishCardPage,
  KeepDiscounts,
  FreeReservations,
  MailEndedSubscriptions,
  MoveSubscribers,
  Recheck,
  Reconcile,
  ReleaseSchedule,
  ReturnLatePayment,
  ReverseSubscription,
  SettleUpcoming,
  GiveOwedCredit,
  SyncPlan,
  ReportOverage,
  SyncOverage,
  SyncSeats,
  TakeDunningSteps,
  WarnOfCards,
  WarnOfLostCodes,
} from './billing.queues.ts'
export { archiveAgain } from './plans/archive-again.ts'
export { billingRetention } from './billing.retention.ts'
export { createBillingRouter } from './billing.router.ts'
export { createPlanProcedures } from './plan-procedures.router.ts'
export { FeatureRequired } from './feature.errors.ts'
export {
  atProvider,
  isConfigured,
  withTimeBudget,
  type BillingDeps,
  type BillingScope,
  type CallingScope,
  type PurchaseRequest,
} from './billing-scope.ts'
export { JOB_PROVIDER_BUDGET, PROVIDER_BUDGET } from './billing.settings.ts'
export { accessReasonSql, STATUSES_OF } from './access/access-sql.ts'
export { PlanMoveNotFound } from './plan-move.errors.ts'
export { PaymentNotFound, PlanNotFound, SubscriptionNotFound } from './billing.errors.ts'
export { applyDiscount } from './changes/apply-discount.ts'
export { keepDiscounts } from './changes/keep-discounts.ts'
export { createDiscount } from './discounts/create-discount.ts'
export { endAtProvider, endDiscount } from './discounts/end-discount.ts'
export { listDiscounts } from './discounts/list-discounts.ts'
export { cancelAnyChange } from './changes/cancel-any-change.ts'
export { changeAnySubscription, previewAnyChange } from './changes/change-any-subscription.ts'
export { cancelAnySubscription } from './changes/cancel-any-subscription.ts'
export { cancelSuperseded } from './converge/cancel-superseded.ts'
export { countLeftovers, countLive, newestLive } from './upkeep/count-leftovers.ts'
export { checkCatalogue } from './plans/check-catalogue.ts'
export { endForClosedAccount } from './changes/end-for-closed-account.ts'
export { expireCheckouts, expireCrowdedCheckouts, expirePlanCheckouts } from './checkout/expire-checkouts.ts'
export { expireSubscriptions } from './upkeep/expire-subscriptions.ts'
export { finishCardPage } from './cards/finish-card-page.ts'
export { grantSubscription } from './changes/grant-subscription.ts'
export { listOverrides } from './overrides/list-overrides.ts'
export { removeOverride } from './overrides/remove-override.ts'
export { setOverride } from './overrides/set-override.ts'
export { listOwnedSubscriptions } from './subscriptions/list-owned-subscriptions.ts'
export { isFactOver } from './mails/is-fact-over.ts'
export { mailEndedSubscriptions } from './mails/mail-ended-subscriptions.ts'
export { moveSubscribers } from './moves/move-subscribers.ts'
export { previewMove } from './moves/preview-move.ts'
export { startMove } from './moves/start-move.ts'
export { stopMove } from './moves/stop-move.ts'
export { intervalOf, timesPerYear } from './plans/billing-interval.ts'
export { applyPlans, type Applied } from './plans-file/apply-plans.ts'
export { PlansFile } from './plans-file.schemas.ts'
export { planView } from './plans/plan-view.ts'
export { discountsRevision } from './subscriptions/discounts-revision.ts'
export { withRevision } from './plans/plan-revision.ts'
export { previewUpdate } from './plans/preview-update.ts'
export {
  DEFAULT_PROVIDER,
  PROVIDER_LABELS,
  SUBSCRIPTION_PROVIDERS,
  type ProviderName,
  type SubscriptionProvider,
} from './provider.schemas.ts'
export type { BillingInterval, PaymentGateway } from './providers/payment-provider.ts'
export { createPaymobGateway } from './providers/paymob/gateway.ts'
export { inspectPaymobNotes } from './providers/paymob/inspect-notes.ts'
export { previewCancel } from './changes/preview-cancel.ts'
export { previewRefund } from './payments/preview-refund.ts'
export { paymentView } from './payments/payment-view.ts'
export { createStripeGateway } from './providers/stripe/gateway.ts'
export { STRIPE_API_VERSION } from './providers/stripe/api-version.ts'
export { readRecoveries } from './subscriptions/read-recoveries.ts'
export { createPayLinks } from './recovery/pay-links.ts'
export { takeDunningSteps } from './upkeep/take-dunning-steps.ts'
export { warnOfCards } from './upkeep/warn-of-cards.ts'
export { warnOfLostCodes } from './upkeep/warn-of-lost-codes.ts'
export { explainAccessAt } from './history/explain-access-at.ts'
export { ExplainInput, Explanation } from './explain.schemas.ts'
export { readWebhookLag } from './events/read-webhook-lag.ts'
export { recheck, recheckNow } from './recheck/recheck.ts'
export { readRecheck, type RecheckState } from './recheck/recheck-state.ts'
export { reconcile, type Reconciliation } from './upkeep/reconcile.ts'
export { refundPayment } from './payments/refund-payment.ts'
export { replayEvent, replayFailedEvents } from './events/replay-event.ts'
export { returnLatePayment } from './converge/return-late-payment.ts'
export { reverseSubscription } from './converge/reverse-subscription.ts'
export { giveOwedCredit } from './changes/give-owed-credit.ts'
export { releaseSchedule } from './changes/release-schedule.ts'
export { createPaymobRoutes } from './paymob.routes.ts'
export { createStripeWebhookRoutes } from './stripe-webhook.routes.ts'
export { seedPlans } from './plans/seed-plans.ts'
export { toSubscriptionView } from './subscriptions/subscription-view.ts'
export { summarizeBilling } from './payments/summarize-billing.ts'
export { syncPlan } from './plans/sync-plan.ts'
export { createSeatSource } from './seats/seat-source.ts'
export { readUpcoming } from './switches/read-upcoming.ts'
export { settleUpcoming } from './switches/settle-upcoming.ts'
export { AccountUsage } from './account-usage.schemas.ts'
export { readAccountUsage } from './metering/read-account-usage.ts'
export { reportOverage } from './metering/report-overage.ts'
export { syncOverage } from './changes/sync-overage.ts'
export { syncSeats } from './seats/sync-seats.ts'
export { ConsumeInput } from './usage.schemas.ts'
export { consume } from './usage/consume.ts'
export { createClosing } from './usage/close-in-turn.ts'
export { createUsageCounting } from './usage/count-together.ts'
export { freeReservations } from './usage/free-reservations.ts'
export { returnReservation } from './usage/return-reservation.ts'
export { settleReservation } from './usage/settle-reservation.ts'
export { readManyEntitlements } from './access/read-many-entitlements.ts'
export { presentRecordedPayments } from './payments/present-recorded-payments.ts'
export { presentRecordedSubscriptions } from './subscriptions/present-recorded-subscriptions.ts'
export { graceEnd } from './access/grace-end.ts'
export { readEntitlements } from './access/read-entitlements.ts'
export { updateAccountEmail, updateCustomerEmail } from './customers/update-customer-email.ts'
export { EventNotFound } from './billing.errors.ts'
export type { RowChange } from './provider-event.entity.ts'
export { Dispute, Payment, Plan, PlanMove, PlanMoveItem, PlanPrice, Recovery, Refund, Subscription }

export const billingEntities = [
  Plan,
  PlanPrice,
  Customer,
  Checkout,
  Subscription,
  UpcomingSubscription,
  PlanChange,
  PlanMove,
  PlanMoveItem,
  Payment,
  Dispute,
  Discount,
  Refund,
  ProviderEvent,
  ProviderCursor,
  ReconciliationFinding,
  MrrChange,
  EntitlementOverride,
  Recovery,
  PayLink,
  DebtPage,
  CardCheck,
  CodeCheck,
  OveragePrice,
  SubscriptionState,
  UsageCounter,
  UsageEntry,
  OverageReport,
]
