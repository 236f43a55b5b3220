type Switch = 'disabled' | 'enabled'
export type Redisplay = 'always' | 'limited' | 'unspecified'

/** What a customer may do with their saved cards in the Payment Element. */
export interface PaymentElementFeatures {
  /** Only cards with one of these values are shown. */
  readonly payment_method_allow_redisplay_filters: readonly Redisplay[]
  readonly payment_method_redisplay: Switch
  readonly payment_method_redisplay_limit: number
  readonly payment_method_remove: Switch
  readonly payment_method_save: Switch
  readonly payment_method_save_usage: 'off_session' | 'on_session' | null
}

/** Lets a page that has its client secret show what a customer has saved. */
export interface CustomerSessionRow {
  readonly id: string
  readonly created: number
  readonly client_secret: string
  readonly customer: string
  readonly expires_at: number
  /** Null if the Payment Element is not enabled. */
  readonly payment_element: PaymentElementFeatures | null
  /** The other components that are enabled, with their features: they are only shown. */
  readonly others: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>
}
