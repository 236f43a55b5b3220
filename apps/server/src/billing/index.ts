import { Checkout } from './checkout.entity.ts'
import { Customer } from './customer.entity.ts'
import { Payment } from './payment.entity.ts'
import { PlanChange } from './plan-change.entity.ts'
import { PlanPrice } from './plan-price.entity.ts'
import { Plan } from './plan.entity.ts'
import { ProviderCursor } from './provider-cursor.entity.ts'
import { ProviderEvent } from './provider-event.entity.ts'
import { ReconciliationFinding } from './reconciliation-finding.entity.ts'
import { Refund } from './refund.entity.ts'
import { Subscription } from './subscription.entity.ts'

export { applyStripeEvent } from './apply-stripe-event.ts'
export {
  ApplyStripeEvent,
  CancelSuperseded,
  ExpireCheckouts,
  ExpirePlanCheckouts,
  ExpireSubscriptions,
  MailEndedSubscriptions,
  Reconcile,
  ReturnLatePayment,
  ReverseSubscription,
  SettleChange,
  SyncPlan,
} from './billing.queues.ts'
export { createBillingRouter } from './billing.router.ts'
export type { BillingParts } from './billing-scope.ts'
export { PROVIDER_CALLS } from './billing.settings.ts'
export { cancelAnySubscription } from './cancel-any-subscription.ts'
export { cancelSuperseded } from './cancel-superseded.ts'
export { checkCatalogue } from './check-catalogue.ts'
export { closeAccount } from './close-account.ts'
export { expireCheckouts, expirePlanCheckouts } from './expire-checkouts.ts'
export { expireSubscriptions } from './expire-subscriptions.ts'
export { grantSubscription } from './grant-subscription.ts'
export { listOwnedSubscriptions } from './list-owned-subscriptions.ts'
export { mailEndedSubscriptions } from './mail-ended-subscriptions.ts'
export { paymentView } from './payment-view.ts'
export { createStripeGateway } from './providers/stripe-gateway.ts'
export { readWebhookLag } from './read-webhook-lag.ts'
export { reconcile, type Reconciliation } from './reconcile.ts'
export { refundPayment } from './refund-payment.ts'
export { replayEvent } from './replay-event.ts'
export { returnLatePayment } from './return-late-payment.ts'
export { reverseSubscription } from './reverse-subscription.ts'
export { settleChange } from './settle-change.ts'
export { createStripeWebhookRoutes } from './stripe-webhook.routes.ts'
export { seedPlans } from './seed-plans.ts'
export { subscriptionView } from './subscription-view.ts'
export { summarizeBilling } from './summarize-billing.ts'
export { syncPlan } from './sync-plan.ts'
export { updateCustomerEmail } from './update-customer-email.ts'
export { Payment, ProviderEvent, Subscription }

export const billingEntities = [
  Plan,
  PlanPrice,
  Customer,
  Checkout,
  Subscription,
  PlanChange,
  Payment,
  Refund,
  ProviderEvent,
  ProviderCursor,
  ReconciliationFinding,
]
