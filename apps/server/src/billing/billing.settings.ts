import { SECOND } from '../platform/durations.ts'
import type { SubscriptionProvider } from './provider.schemas.ts'

/** How long one procedure, or the holder of a customer's lock, may spend on calls to the provider, in milliseconds. */
export const PROVIDER_BUDGET = 10 * SECOND
/** The same for a job that holds no lock. It makes more calls, and no caller or customer waits for it. */
export const JOB_PROVIDER_BUDGET = 60 * SECOND

/** How long access continues after a failed or late renewal, in milliseconds. */
export interface AccessPolicy {
  /** How long a past-due subscription keeps access, counted from its oldest open invoice. */
  readonly pastDueGrace: number
  /** How long a subscription keeps access after its period's end while the renewal's event may still arrive. */
  readonly renewalLeeway: number
}

/** The mails about a renewal that failed. */
export interface DunningPolicy {
  /** In the order of their times. `after` is in milliseconds from the invoice's due date. */
  readonly reminders: readonly { readonly name: string; readonly after: number }[]
  /** Whether another mail follows once the provider no longer tries. */
  readonly hasFinal: boolean
}

/** Billing settings of the operator. Durations are in milliseconds. */
export interface BillingSettings extends AccessPolicy {
  /** Where the checkout page sends customers afterwards. Never taken from a request. */
  readonly successUrl: string
  readonly cancelUrl: string
  /** Where the provider's portal links back to. */
  readonly portalReturnUrl: string
  /** Where customers who have added a card come back to. */
  readonly cardsUrl: string
  /** The time zone in which a provider counts days. None for a provider that bills by the moment. */
  readonly timeZones: ReadonlyMap<SubscriptionProvider, string>
  /** Null if the provider sends the mails about failed payments, so that we send none. */
  readonly dunning: DunningPolicy | null
  /** The page that a pay link leads to. */
  readonly payUrl: string
  /** Where someone who has added a card through a pay link comes back to. */
  readonly payReturnUrl: string
  readonly recheck: RecheckSettings
}

/** How everything is compared with the provider, again and again. Durations are in milliseconds. */
export interface RecheckSettings {
  /** How often a comparison of everything begins; null for never. */
  readonly every: number | null
  /** Maximum calls to the provider, all processes together. */
  readonly callsPerSecond: number
  /** How old a payment may be and still be compared. */
  readonly payments: number
}
