import type { Route } from '../http/route.ts'
import { accountRoutes } from './account/accounts.ts'
import { emptyListRoutes } from './account/empty-lists.ts'
import { eventRoutes } from './account/events.ts'
import { taxCalculationRoutes } from './account/tax-calculations.ts'
import { taxLocationRoutes } from './account/tax-locations.ts'
import { taxSettingsRoutes } from './account/tax-settings.ts'
import { taxTransactionRoutes } from './account/tax-transactions.ts'
import { webhookEndpointRoutes } from './account/webhook-endpoints.ts'
import { couponRoutes } from './catalogue/coupons.ts'
import { planRoutes } from './catalogue/plans.ts'
import { priceRoutes } from './catalogue/prices.ts'
import { productRoutes } from './catalogue/products.ts'
import { promotionCodeRoutes } from './catalogue/promotion-codes.ts'
import { shippingRateRoutes } from './catalogue/shipping-rates.ts'
import { taxCodeRoutes } from './catalogue/tax-codes.ts'
import { taxRateRoutes } from './catalogue/tax-rates.ts'
import { checkoutSessionRoutes } from './checkout/checkout-sessions.ts'
import { elementsPageRoutes } from './checkout/elements-pages.ts'
import { paymentLinkRoutes } from './checkout/payment-links.ts'
import { paymentPageRoutes } from './checkout/payment-pages.ts'
import { customerSessionRoutes } from './customers/customer-sessions.ts'
import { customerRoutes } from './customers/customers.ts'
import { discountRoutes } from './customers/discounts.ts'
import { paymentMethodRoutes } from './customers/payment-methods.ts'
import { portalRoutes } from './customers/portal.ts'
import { taxIdRoutes } from './customers/tax-ids.ts'
import { activeEntitlementRoutes } from './entitlements/active-entitlements.ts'
import { featureRoutes } from './entitlements/features.ts'
import { productFeatureRoutes } from './entitlements/product-features.ts'
import { creditNoteRoutes } from './invoices/credit-notes.ts'
import { invoiceItemRoutes } from './invoices/invoice-items.ts'
import { invoiceLineRoutes } from './invoices/invoice-lines.ts'
import { invoicePaymentRoutes } from './invoices/invoice-payments.ts'
import { invoicePreviewRoutes } from './invoices/invoice-previews.ts'
import { invoiceTransitionRoutes } from './invoices/invoice-transitions.ts'
import { invoiceRoutes } from './invoices/invoices.ts'
import { upcomingInvoiceRoutes } from './invoices/upcoming-invoices.ts'
import { creditBalanceRoutes } from './metering/credit-balances.ts'
import { creditGrantRoutes } from './metering/credit-grants.ts'
import { eventSummaryRoutes } from './metering/event-summaries.ts'
import { meterEventRoutes } from './metering/meter-events.ts'
import { meterRoutes } from './metering/meters.ts'
import { chargeRoutes } from './payments/charges.ts'
import { confirmationTokenRoutes } from './payments/confirmation-tokens.ts'
import { disputeRoutes } from './payments/disputes.ts'
import { paymentIntentRoutes } from './payments/payment-intents.ts'
import { refundRoutes } from './payments/refunds.ts'
import { setupIntentRoutes } from './payments/setup-intents.ts'
import { tokenRoutes } from './payments/tokens.ts'
import { searchRoutes } from './search/search.ts'
import { subscriptionListRoutes } from './subscriptions/list-subscriptions.ts'
import { subscriptionItemRoutes } from './subscriptions/subscription-items.ts'
import { subscriptionScheduleRoutes } from './subscriptions/subscription-schedules.ts'
import { subscriptionRoutes } from './subscriptions/subscriptions.ts'

/** All routes below `/v1` except those of test clocks, which need the timelines. */
export const ALL_ROUTES: readonly Route[] = [
  // Must come before routes such as `/invoices/:id`, which would match `create_preview` and `search` as an id.
  ...invoicePreviewRoutes,
  ...upcomingInvoiceRoutes,
  ...searchRoutes,
  ...accountRoutes,
  ...checkoutSessionRoutes,
  ...couponRoutes,
  ...creditNoteRoutes,
  ...customerRoutes,
  ...customerSessionRoutes,
  ...discountRoutes,
  ...emptyListRoutes,
  ...activeEntitlementRoutes,
  ...featureRoutes,
  ...productFeatureRoutes,
  ...eventRoutes,
  ...invoiceRoutes,
  ...paymentMethodRoutes,
  ...chargeRoutes,
  ...disputeRoutes,
  ...invoiceItemRoutes,
  ...invoiceLineRoutes,
  ...invoicePaymentRoutes,
  ...invoiceTransitionRoutes,
  ...meterRoutes,
  ...meterEventRoutes,
  ...eventSummaryRoutes,
  ...creditBalanceRoutes,
  ...creditGrantRoutes,
  ...paymentIntentRoutes,
  ...paymentLinkRoutes,
  ...confirmationTokenRoutes,
  ...tokenRoutes,
  ...elementsPageRoutes,
  ...paymentPageRoutes,
  ...planRoutes,
  ...portalRoutes,
  ...refundRoutes,
  ...shippingRateRoutes,
  ...setupIntentRoutes,
  ...subscriptionScheduleRoutes,
  ...priceRoutes,
  ...productRoutes,
  ...promotionCodeRoutes,
  ...subscriptionRoutes,
  ...subscriptionListRoutes,
  ...subscriptionItemRoutes,
  ...taxCodeRoutes,
  ...taxIdRoutes,
  ...taxRateRoutes,
  ...taxCalculationRoutes,
  ...taxLocationRoutes,
  ...taxSettingsRoutes,
  ...taxTransactionRoutes,
  ...webhookEndpointRoutes,
]
