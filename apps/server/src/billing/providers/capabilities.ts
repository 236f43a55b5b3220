/** Who manages a subscription. `manual` means an admin granted it. */
export type SubscriptionProvider = 'stripe' | 'manual' | 'paymob'

/** What a provider can do. The server refuses everything else without calling the provider. */
export interface ProviderCapabilities {
  /** Renews subscriptions automatically. */
  readonly renews: boolean
  /** Can change the plan of a live subscription. */
  readonly changesPlans: boolean
  readonly refunds: boolean
  /** Has a portal where customers manage their cards and invoices. */
  readonly hasPortal: boolean
}

/** What each provider can do. */
export const CAPABILITIES: Record<SubscriptionProvider, ProviderCapabilities> = {
  stripe: { renews: true, changesPlans: true, refunds: true, hasPortal: true },
  /** An admin's grant, which costs nothing. */
  manual: { renews: false, changesPlans: false, refunds: false, hasPortal: false },
  /** Not supported yet. */
  paymob: { renews: false, changesPlans: false, refunds: false, hasPortal: false },
}
