/** Who looks after a subscription; `manual` is an admin. */
export type SubscriptionProvider = 'stripe' | 'manual' | 'paymob'

/** What a provider can do; what it can't is refused before it is asked. */
export interface ProviderCapabilities {
  /** Renews subscriptions by itself. */
  readonly renews: boolean
  /** Moves a running subscription to another plan. */
  readonly changesPlans: boolean
  readonly refunds: boolean
  /** Has pages on which a customer looks after his cards and invoices. */
  readonly hasPortal: boolean
}

/** What each provider can do. Whoever is asked for more refuses before anybody is called. */
export const CAPABILITIES: Record<SubscriptionProvider, ProviderCapabilities> = {
  stripe: { renews: true, changesPlans: true, refunds: true, hasPortal: true },
  /** A grant by an admin: nobody pays. */
  manual: { renews: false, changesPlans: false, refunds: false, hasPortal: false },
  /** Not served yet. */
  paymob: { renews: false, changesPlans: false, refunds: false, hasPortal: false },
}
