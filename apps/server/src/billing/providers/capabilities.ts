import type { ProviderCapabilities, SubscriptionProvider } from './payment-provider.ts'

/** What each provider can do. Whoever is asked for more refuses before anybody is called. */
export const CAPABILITIES: Record<SubscriptionProvider, ProviderCapabilities> = {
  stripe: { renews: true, changesPlans: true, refunds: true, hasPortal: true },
  /** A grant by an admin: nobody pays. */
  manual: { renews: false, changesPlans: false, refunds: false, hasPortal: false },
  /** Not served yet. */
  paymob: { renews: false, changesPlans: false, refunds: false, hasPortal: false },
}
