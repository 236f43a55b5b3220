import type { BillingClock } from '../platform/billing-clock.ts'
import type { Scope } from '../platform/scope.ts'
import { PROVIDER_BUDGET, type BillingSettings } from './billing.settings.ts'
import type { PaymentGateway, PaymentProvider } from './providers/payment-provider.ts'

/** What billing gets at start and keeps for the life of the process. */
export interface BillingDeps {
  readonly provider: PaymentGateway
  /** Billing time, which a sandbox may move. Periods, grace, and the sweep follow it. */
  readonly time: BillingClock
  readonly settings: BillingSettings
}

/** What billing's use cases may touch. */
export interface BillingScope extends Scope {
  readonly billing: BillingDeps
}

/** What a use case may touch if it calls the provider. All its calls share one time budget. */
export interface CallingScope extends BillingScope {
  readonly billing: BillingDeps & { readonly provider: PaymentProvider }
}

/**
 * Starts a time budget for all calls to the provider that are made in the returned scope. If `scope` has a budget
 * already, the earlier deadline applies.
 *
 * @param ms milliseconds.
 */
export function withTimeBudget({ billing, ...scope }: BillingScope, ms = PROVIDER_BUDGET): CallingScope {
  return { ...scope, billing: { ...billing, provider: billing.provider.withTimeBudget(ms) } }
}
