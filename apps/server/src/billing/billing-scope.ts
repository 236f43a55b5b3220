import type { CallersAccount } from '../accounts/index.ts'
import type { BillingClock } from '../platform/billing-clock.ts'
import type { Caller } from '../platform/caller.ts'
import type { Hook } from '../platform/hook.ts'
import type { Scope } from '../platform/scope.ts'
import { ProviderUnsupported } from './billing.errors.ts'
import { PROVIDER_BUDGET, type BillingSettings } from './billing.settings.ts'
import { PROVIDER_LABELS, type ProviderName, type SubscriptionProvider } from './provider.schemas.ts'
import type { PaymentGateway, PaymentProvider } from './providers/payment-provider.ts'

/** What the configuration's code gets about a plan that a customer is about to buy. */
export interface PurchaseRequest {
  readonly action: 'subscribe' | 'upgrade' | 'change' | 'switch'
  /** As the caller names it. There may be no such plan. */
  readonly planCode: string
  readonly billingPeriod: string | undefined
  readonly currency: string | undefined
  readonly promotionCode: string | undefined
  readonly account: CallersAccount
  readonly user: Caller['user']
  readonly ip: string
  readonly userAgent: string
}

/** What billing gets at start and keeps for the life of the process. */
export interface BillingDeps {
  /** The provider in question. {@link atProvider} chooses another one. */
  readonly provider: PaymentGateway
  /** All providers that are configured. */
  readonly providers: ReadonlyMap<ProviderName, PaymentGateway>
  /** When the time budget ends, as `performance.now()` tells; missing without a budget. */
  readonly deadline?: number
  /** Billing time, which a sandbox may move. Periods, grace, and the sweep follow it. */
  readonly time: BillingClock
  readonly settings: BillingSettings
  /** The configuration's own rule for what customers buy; null without one. */
  readonly beforeCheckout: Hook<PurchaseRequest> | null
  /** What makes the changes, for the history of access: `call:PROCEDURE:USER`. Events and jobs say it themselves. */
  readonly cause?: string
}

/** What billing's use cases may touch. */
export interface BillingScope extends Scope {
  readonly billing: BillingDeps
}

/** What a use case may touch if it calls the provider. All its calls share one time budget. */
export interface CallingScope extends BillingScope {
  readonly billing: BillingDeps & { readonly provider: PaymentProvider; readonly deadline: number }
}

/**
 * Starts a time budget for all calls to providers that are made in the returned scope. If `scope` has a budget already,
 * the earlier deadline applies.
 *
 * @param ms milliseconds.
 */
export function withTimeBudget({ billing, ...scope }: BillingScope, ms = PROVIDER_BUDGET): CallingScope {
  const deadline = Math.min(billing.deadline ?? Number.POSITIVE_INFINITY, performance.now() + ms)
  return { ...scope, billing: { ...billing, deadline, provider: billing.provider.withTimeBudget(ms) } }
}

/**
 * The same scope with another provider in question: that of a plan, a subscription, a payment, or an event. The time
 * budget stays. For a grant, which has no provider, nothing changes.
 *
 * @throws {ProviderUnsupported} if it is not configured.
 */
export function atProvider(scope: CallingScope, name: SubscriptionProvider): CallingScope
export function atProvider(scope: BillingScope, name: SubscriptionProvider): BillingScope
export function atProvider(scope: BillingScope, name: SubscriptionProvider): BillingScope {
  const { billing } = scope
  if (name === 'manual' || name === billing.provider.name) return scope
  const gateway = billing.providers.get(name)
  if (!gateway) throw new ProviderUnsupported(`${PROVIDER_LABELS[name]} is not set up here. Choose another plan.`)
  const provider =
    billing.deadline === undefined ? gateway : gateway.withTimeBudget(billing.deadline - performance.now())
  return { ...scope, billing: { ...billing, provider } }
}

/** Whether {@link atProvider} can choose this provider. */
export function isConfigured({ billing }: Pick<BillingScope, 'billing'>, name: SubscriptionProvider): boolean {
  return name === 'manual' || name === billing.provider.name || billing.providers.has(name)
}

/** The same scope. `onCall` runs at every call to a provider, whichever is chosen. */
export function countingCalls<S extends BillingScope>(scope: S, onCall: () => void): Omit<S, 'billing'> & BillingScope {
  const { billing } = scope
  const providers = new Map([...billing.providers].map(([name, gateway]) => [name, gateway.counting(onCall)]))
  return { ...scope, billing: { ...billing, providers, provider: billing.provider.counting(onCall) } }
}
