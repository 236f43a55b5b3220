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
  /** In the currency's smallest unit. */
  readonly unit_amount: number
}
