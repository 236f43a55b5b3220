export interface EndpointSecret {
  readonly value: string
  /** When it stops signing, in seconds since 1970 by the wall clock; null for the current secret. */
  readonly expires_at: number | null
}

export interface WebhookEndpointRow {
  readonly id: string
  readonly created: number
  readonly api_version: string | null
  readonly description: string | null
  readonly enabled_events: string[]
  readonly metadata: Record<string, string>
  readonly status: 'enabled' | 'disabled'
  readonly url: string
  /** Newest first. There is more than one while a secret is being rolled. */
  readonly secrets: EndpointSecret[]
}

export interface EventRow {
  readonly id: string
  readonly created: number
  /** When it happened by the wall clock; it decides when the event is removed. */
  readonly recorded: number
  readonly type: string
  readonly object: Record<string, unknown>
  readonly previous_attributes: Record<string, unknown> | null
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null }
  /** Present on a thin event, which has no object, only a reference to one, or null for none. */
  readonly related_object?: { readonly id: string; readonly type: string; readonly url: string } | null
}

export interface DeliveryRow {
  readonly id: string
  readonly eventId: string
  readonly endpoint: string
  readonly type: string
  readonly url: string
  readonly status: 'pending' | 'delivered' | 'failed' | 'dropped'
  readonly attempts: number
  readonly responseStatus: number | null
  /** Milliseconds since 1970, by the wall clock. */
  readonly nextAttemptAt: number | null
}
