import type { Route } from '../http/route.ts'
import { accountRoutes } from './accounts.ts'
import { chargeRoutes } from './charges.ts'
import { checkoutSessionRoutes } from './checkout-sessions.ts'
import { couponRoutes } from './coupons.ts'
import { creditNoteRoutes } from './credit-notes.ts'
import { customerRoutes } from './customers.ts'
import { discountRoutes } from './discounts.ts'
import { disputeRoutes } from './disputes.ts'
import { emptyListRoutes } from './empty-lists.ts'
import { activeEntitlementRoutes } from './entitlements/active-entitlements.ts'
import { featureRoutes } from './entitlements/features.ts'
import { productFeatureRoutes } from './entitlements/product-features.ts'
import { eventRoutes } from './events.ts'
import { invoiceItemRoutes } from './invoice-items.ts'
import { invoicePaymentRoutes } from './invoice-payments.ts'
import { invoicePreviewRoutes } from './invoice-previews.ts'
import { invoiceTransitionRoutes } from './invoice-transitions.ts'
import { invoiceRoutes } from './invoices.ts'
import { subscriptionListRoutes } from './list-subscriptions.ts'
import { eventSummaryRoutes } from './metering/event-summaries.ts'
import { meterEventRoutes } from './metering/meter-events.ts'
import { meterRoutes } from './metering/meters.ts'
import { paymentIntentRoutes } from './payment-intents.ts'
import { paymentLinkRoutes } from './payment-links.ts'
import { paymentMethodRoutes } from './payment-methods.ts'
import { paymentPageRoutes } from './payment-pages.ts'
import { planRoutes } from './plans.ts'
import { portalRoutes } from './portal.ts'
import { priceRoutes } from './prices.ts'
import { productRoutes } from './products.ts'
import { promotionCodeRoutes } from './promotion-codes.ts'
import { refundRoutes } from './refunds.ts'
import { searchRoutes } from './search/search.ts'
import { setupIntentRoutes } from './setup-intents.ts'
import { subscriptionItemRoutes } from './subscription-items.ts'
import { subscriptionScheduleRoutes } from './subscription-schedules.ts'
import { subscriptionRoutes } from './subscriptions.ts'
import { taxCodeRoutes } from './tax-codes.ts'
import { taxIdRoutes } from './tax-ids.ts'
import { taxRateRoutes } from './tax-rates.ts'
import { taxSettingsRoutes } from './tax-settings.ts'
import { upcomingInvoiceRoutes } from './upcoming-invoices.ts'
import { webhookEndpointRoutes } from './webhook-endpoints.ts'

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
  ...invoicePaymentRoutes,
  ...invoiceTransitionRoutes,
  ...meterRoutes,
  ...meterEventRoutes,
  ...eventSummaryRoutes,
  ...paymentIntentRoutes,
  ...paymentLinkRoutes,
  ...paymentPageRoutes,
  ...planRoutes,
  ...portalRoutes,
  ...refundRoutes,
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
  ...taxSettingsRoutes,
  ...webhookEndpointRoutes,
]
