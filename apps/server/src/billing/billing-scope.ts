import type { BillingClock } from '../platform/billing-clock.ts'
import type { Scope } from '../platform/scope.ts'
import { PROVIDER_BUDGET, type BillingSettings } from './billing.settings.ts'
import type { PaymentGateway, PaymentProvider } from './providers/payment-provider.ts'

/** The process-lifetime things that billing stands on. */
export interface BillingDeps {
  readonly provider: PaymentGateway
  /** Billing time, which a sandbox may move; periods, grace and the sweep go by it. */
  readonly time: BillingClock
  readonly settings: BillingSettings
}

/** What billing's use cases may touch. */
export interface BillingScope extends Scope {
  readonly billing: BillingDeps
}

/** The scope of a use case that calls the provider: all calls made in it share one time budget. */
export interface CallingScope extends BillingScope {
  readonly billing: BillingDeps & { readonly provider: PaymentProvider }
}

/**
 * Starts a time budget for all calls to the provider that are made in the scope it returns. In a scope that has a
 * budget already, the earlier deadline applies.
 *
 * @param ms milliseconds.
 */
export function withTimeBudget({ billing, ...scope }: BillingScope, ms = PROVIDER_BUDGET): CallingScope {
  return { ...scope, billing: { ...billing, provider: billing.provider.withTimeBudget(ms) } }
}
