import type { ApiVersion } from './api-versions.ts'
import type { Settings } from './settings.ts'

export interface EndpointOption {
  readonly url: string
  /** `whsec_…`. Without it, a known endpoint keeps its secret and a new one gets a random one. */
  readonly secret?: string
  readonly enabledEvents?: readonly string[]
  /** The API version of its events; the newest by default. */
  readonly apiVersion?: ApiVersion
}

/** Something that has just happened: an event, or an attempt to deliver it. */
export type Activity =
  | {
      readonly kind: 'event'
      readonly id: string
      readonly type: string
      /** In the sandbox's time, in seconds. */
      readonly created: number
    }
  | {
      readonly kind: 'delivery'
      readonly event: string
      readonly type: string
      readonly url: string
      /** The endpoint's answer; null if it did not answer in time. */
      readonly responseStatus: number | null
      /** What becomes of the delivery. One that is pending is attempted again. */
      readonly status: 'pending' | 'delivered' | 'failed' | 'dropped'
    }

export interface StripeSandboxOptions {
  /** 0 by default, which picks a free port. */
  readonly port?: number
  readonly host?: string
  /** The file that keeps all data across restarts. Without it, the data is lost when the sandbox stops. */
  readonly stateFile?: string
  readonly secretKey?: string
  /** More secret keys. Each opens another account, with no objects of the first one. */
  readonly otherSecretKeys?: readonly string[]
  /** The base URL of the hosted pages, if it is not where the sandbox listens. */
  readonly publicUrl?: string
  readonly webhookEndpoints?: readonly EndpointOption[]
  /** Milliseconds from each failed webhook attempt to the next. */
  readonly retryDelaysMs?: readonly number[]
  /** How long a webhook endpoint may take to answer, in milliseconds. */
  readonly webhookTimeoutMs?: number
  readonly settings?: Partial<Settings>
  /** Called with each event, and with each attempt to deliver one. It must not throw. */
  readonly onActivity?: (activity: Activity) => void
}

export interface StripeSandbox {
  /** Without a trailing slash. */
  readonly url: string
  readonly secretKey: string
  /** The account of {@link secretKey}, which everything below is about: `acct_…`. */
  readonly accountId: string
  /** The secret of each endpoint given as an option, in that order. */
  readonly webhookSecrets: string[]
  /** The sandbox's own time. */
  now(): Date
  /**
   * Moves the sandbox's clock forward, performs all that is due on the way, and waits until its events are delivered.
   */
  advance(by: { to?: Date; days?: number; hours?: number; seconds?: number }): Promise<void>
  /** The types of all events so far, oldest first. */
  eventTypes(): string[]
  /** The same as `GET /_/deliveries`, newest first. */
  deliveries(): unknown[]
  /** Waits until no delivery is pending, or until none has ended for `patienceMs` (10 seconds by default). */
  drained(patienceMs?: number): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
