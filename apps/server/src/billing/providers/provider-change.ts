import type { IncomingHttpHeaders } from 'node:http'

/** A call to the webhook endpoint. Where the signature is depends on the provider. */
export interface WebhookCall {
  /** As it was sent, because a signature covers these bytes. */
  rawBody: Buffer
  headers: IncomingHttpHeaders
  query: Record<string, string | undefined>
}

/** An event of the provider: something changed. The current state is always fetched from the provider. */
export interface ProviderChange {
  id: string
  type: string
  isLiveMode: boolean
  occurredAt: Date
  /** The customer concerned; null if the event does not say. */
  customerId: string | null
  subject: ProviderSubject | null
  /** The subscription that the subject probably belongs to. A hint only: always check it at the provider. */
  subscriptionHint: string | null
  /** What an update changed: the items that had another price or are gone, and whether the planned end or a pause changed. */
  previous: { items: readonly PreviousItem[]; isEndChanged: boolean; isPauseChanged: boolean }
  /** What the customer may get a mail about. Its words come from what the provider says when it is queued. */
  news: ProviderNews | null
  payload: Record<string, unknown>
}

/** What happened to a subscription, to an invoice of it, or to a payment. */
export type ProviderNews =
  | 'ended'
  | 'trial-ending'
  | 'updated'
  | 'paid'
  | 'payment-failed'
  | 'action-required'
  | 'refunded'
  | 'refund-updated'

/** An item of a subscription as it was before an update. */
export interface PreviousItem {
  id: string
  priceId: string
}

/** The object that an event is about. For a charge, a refund, or a dispute, it is the payment. */
export interface ProviderSubject {
  kind:
    | 'checkout'
    | 'subscription'
    | 'invoice'
    | 'payment'
    | 'customer'
    | 'product'
    | 'price'
    | 'promotion_code'
    | 'coupon'
  id: string
}

/** Which of the provider's events to list. Both moments are in the provider's time, rounded down to a second. */
export interface ChangeRange {
  readonly types: readonly string[]
  readonly since: Date
  /** Not included. Null for the end of the list. */
  readonly until: Date | null
}
