import { SECOND } from '../platform/durations.ts'
import type { AccessPolicy } from './access/decide-access.ts'

/** All that one procedure or one job may spend on calls to the provider, in milliseconds. */
export const PROVIDER_CALLS = 10 * SECOND

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
