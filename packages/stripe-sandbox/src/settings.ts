import { API_VERSION, type ApiVersion } from './api-versions.ts'
import { DAY, HOUR } from './time.ts'

/** The Billing settings of Stripe's Dashboard. Here they are options of the sandbox, and of `PUT /_/settings`. */
export interface Settings {
  /** Days from each failed automatic attempt to the next. After the last one, {@link afterRetries} applies. */
  readonly retryAfterDays: readonly number[]
  /** What happens to a subscription when all retries of a renewal have failed. */
  readonly afterRetries: 'cancel' | 'mark_unpaid' | 'leave_past_due'
  /** Days after an invoice's due date until {@link afterRetries} applies to invoices that are sent; null for never. */
  readonly afterDueDays: number | null
  /** Seconds from a renewal's draft until it is finalized and charged. */
  readonly finalizeAfter: number
  /** Seconds until an incomplete subscription ends if its first payment is not made. */
  readonly incompleteExpiresAfter: number
  /** How many seconds before the end of a trial `trial_will_end` is sent. */
  readonly trialWillEndBefore: number
  /**
   * Whether customers can switch to any price on sale in the portal. Off, as in a new Stripe account. Configurations set by the API decide for
   * themselves.
   */
  readonly portalPlanChanges: boolean
  /**
   * Whether a schedule's phases may repeat an archived price that the subscription still has. Stripe's documentation
   * doesn't say, so an app should cope with both answers.
   */
  readonly archivedPricesInPhases: 'refused' | 'accepted'
  /** The name of the business, on the hosted pages and on invoices. */
  readonly merchantName: string
  /** Its color as `#rrggbb`, or null for the sandbox's own. The pages use a readable tone of it. */
  readonly merchantColor: string | null
  /** The account's API version: that of requests and webhook endpoints which don't name one, and of events. */
  readonly apiVersion: ApiVersion
  /** Whether Stripe Tax works. While it fails, no taxes are computed by location. */
  readonly taxCalculation: 'working' | 'failing'
  /** Ids of objects that exist in live mode only. Errors about a missing object then say so, as Stripe's do. */
  readonly liveModeIds: readonly string[]
}

/** Whether it is a color as `#rrggbb`. */
export const isColor = (value: unknown): value is string => typeof value === 'string' && /^#[\da-f]{6}$/i.test(value)

/**
 * Stripe's defaults. Stripe's Smart Retries make eight tries in two weeks at moments that it learns; these are evenly
 * spread.
 */
export const DEFAULT_SETTINGS: Settings = {
  retryAfterDays: [1, 1, 2, 2, 2, 2, 2, 2],
  afterRetries: 'cancel',
  afterDueDays: null,
  finalizeAfter: HOUR,
  incompleteExpiresAfter: 23 * HOUR,
  trialWillEndBefore: 3 * DAY,
  portalPlanChanges: false,
  archivedPricesInPhases: 'refused',
  merchantName: 'Example Business',
  merchantColor: null,
  apiVersion: API_VERSION,
  taxCalculation: 'working',
  liveModeIds: [],
}
