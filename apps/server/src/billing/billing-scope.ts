import type { BillingClock } from '../platform/billing-clock.ts'
import type { Scope } from '../platform/scope.ts'
import type { BillingSettings } from './billing.settings.ts'
import type { PaymentProvider } from './providers/payment-provider.ts'

/** The process-lifetime things that billing stands on. */
export interface BillingParts {
  readonly provider: PaymentProvider
  /** Billing time, which a sandbox may move; periods, grace and the sweep go by it. */
  readonly time: BillingClock
  readonly settings: BillingSettings
}

/** What billing's use cases may touch. */
export interface BillingScope extends Scope {
  readonly billing: BillingParts
}
