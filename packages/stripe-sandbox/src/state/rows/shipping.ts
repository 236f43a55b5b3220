type TaxBehavior = 'exclusive' | 'inclusive' | 'unspecified'
type Unit = 'business_day' | 'day' | 'hour' | 'month' | 'week'

/** What a way of shipping costs in one currency. */
export interface ShippingAmount {
  readonly amount: number
  readonly tax_behavior: TaxBehavior
}

/** How long shipping takes. Null means that there is no bound. */
export interface DeliveryEstimate {
  readonly maximum: { readonly unit: Unit; readonly value: number } | null
  readonly minimum: { readonly unit: Unit; readonly value: number } | null
}

/** A way of shipping an order, for one price. */
export interface ShippingRateRow {
  readonly id: string
  readonly created: number
  readonly active: boolean
  readonly amount: number
  readonly currency: string
  /** What it costs in other currencies. */
  readonly currency_options: Readonly<Record<string, ShippingAmount>>
  readonly delivery_estimate: DeliveryEstimate | null
  readonly display_name: string
  readonly metadata: Record<string, string>
  readonly tax_behavior: TaxBehavior
  readonly tax_code: string | null
}
