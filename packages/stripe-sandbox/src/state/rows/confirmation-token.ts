import type { ShippingDetails } from './checkout.ts'

/** What a customer entered on the app's page, for one payment or one saved card. */
export interface ConfirmationTokenRow {
  readonly id: string
  readonly created: number
  /** Null once it is used. */
  readonly expires_at: number | null
  readonly metadata: Record<string, string>
  /** Their card. The intent that is confirmed gets it. */
  readonly method: string
  /** The intent that it was used for. */
  readonly payment_intent: string | null
  readonly setup_intent: string | null
  readonly return_url: string | null
  readonly setup_future_usage: 'off_session' | 'on_session' | null
  readonly shipping: (ShippingDetails & { readonly phone: string | null }) | null
}
