import { Checkout } from './checkout.entity.ts'
import { Customer } from './customer.entity.ts'
import { Payment } from './payment.entity.ts'
import { PlanPrice } from './plan-price.entity.ts'
import { Plan } from './plan.entity.ts'
import { ProviderEvent } from './provider-event.entity.ts'
import { Subscription } from './subscription.entity.ts'

export { applyStripeEvent } from './apply-stripe-event.ts'
export { ApplyStripeEvent, ExpireSubscriptions, MailEndedSubscriptions } from './billing.queues.ts'
export { createBillingRouter } from './billing.router.ts'
export type { BillingParts } from './billing-scope.ts'
export { expireSubscriptions } from './expire-subscriptions.ts'
export { mailEndedSubscriptions } from './mail-ended-subscriptions.ts'
export { createStripeGateway } from './providers/stripe-gateway.ts'
export { createStripeWebhookRoutes } from './stripe-webhook.routes.ts'
export { seedPlans } from './seed-plans.ts'

export const billingEntities = [Plan, PlanPrice, Customer, Checkout, Subscription, Payment, ProviderEvent]
