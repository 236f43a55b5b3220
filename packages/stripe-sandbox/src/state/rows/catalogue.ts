export interface ProductRow {
  readonly id: string
  readonly active: boolean
  readonly created: number
  readonly updated: number
  readonly name: string
  readonly description: string | null
  readonly default_price: string | null
  readonly images: string[]
  readonly metadata: Record<string, string>
  readonly statement_descriptor: string | null
  readonly unit_label: string | null
  readonly url: string | null
}

export type Interval = 'day' | 'week' | 'month' | 'year'

/** How often a price is charged. */
export interface Recurrence {
  readonly interval: Interval
  readonly interval_count: number
}

/** A tier of a price. Its first unit is the one after the upper bound of the tier before it. */
export interface PriceTier {
  /** The last unit in this tier; null for the last tier. */
  readonly up_to: number | null
  /** Per unit, in the currency's smallest unit, with up to 12 decimals. Null if only the flat amount is charged. */
  readonly unit_amount_decimal: string | null
  /** For the entire tier; null if only units are charged. */
  readonly flat_amount: number | null
}

export interface PriceRow {
  readonly id: string
  readonly active: boolean
  readonly created: number
  readonly currency: string
  readonly lookup_key: string | null
  readonly metadata: Record<string, string>
  readonly nickname: string | null
  readonly product: string
  readonly recurring: Recurrence | null
  readonly tax_behavior: 'inclusive' | 'exclusive' | 'unspecified'
  /** Null if the price is not tiered. */
  readonly tiers: PriceTier[] | null
  readonly tiers_mode: 'graduated' | 'volume' | null
  /** In the currency's smallest unit; null if the price is tiered. */
  readonly unit_amount: number | null
}
