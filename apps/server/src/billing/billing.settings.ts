import { SECOND } from '../platform/durations.ts'

/** All that one procedure or one job may spend on calls to the provider, in milliseconds. */
export const PROVIDER_CALLS = 10 * SECOND

/** How long access outlasts a failed or late renewal, in milliseconds. */
export interface AccessPolicy {
  /** How long a past-due subscription keeps access, counted from its oldest open invoice. */
  readonly pastDueGrace: number
  /** How long a subscription keeps access past its period's end while the renewal's event is on its way. */
  readonly renewalLeeway: number
}

/** What the operator decides about billing. Durations are milliseconds. */
export interface BillingSettings extends AccessPolicy {
  /** Where the hosted page sends people afterwards; never taken from a request. */
  readonly successUrl: string
  readonly cancelUrl: string
  /** Where the provider's own pages lead back to. */
  readonly portalReturnUrl: string
  /** The mode of the provider's key; events of the other mode are not ours. */
  readonly isLive: boolean
}
