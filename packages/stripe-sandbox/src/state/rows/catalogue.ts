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

/** The bounds of an amount that the customer chooses, in the currency's smallest unit. Null for none. */
export interface CustomUnitAmount {
  readonly maximum: number | null
  readonly minimum: number | null
  /** What the page suggests. */
  readonly preset: number | null
}

/** What a price costs in one currency. */
export interface PriceAmounts {
  /** Missing if the price has its own amount. */
  readonly custom_unit_amount?: CustomUnitAmount
  readonly tax_behavior: 'inclusive' | 'exclusive' | 'unspecified'
  /** Null if the price is not tiered. */
  readonly tiers: PriceTier[] | null
  /** In the currency's smallest unit; null if the price is tiered, has decimals, or the customer chooses it. */
  readonly unit_amount: number | null
  /** The same with up to 12 decimals; null if the price is tiered, or the customer chooses it. */
  readonly unit_amount_decimal: string | null
}

export interface PriceRow extends PriceAmounts {
  readonly id: string
  readonly active: boolean
  readonly created: number
  readonly currency: string
  /** What it costs in other currencies. */
  readonly currency_options: Readonly<Record<string, PriceAmounts>>
  /** Whether it was deleted as a plan. Subscriptions still have it. */
  readonly deleted?: boolean
  readonly lookup_key: string | null
  readonly metadata: Record<string, string>
  /** The meter of its usage; null if a quantity is billed. */
  readonly meter: string | null
  readonly nickname: string | null
  readonly product: string
  readonly recurring: Recurrence | null
  readonly tiers_mode: 'graduated' | 'volume' | null
  /** How a quantity is divided into packages; null if it is billed as it is. */
  readonly transform_quantity: { readonly divide_by: number; readonly round: 'down' | 'up' } | null
  /** How long its trial is, for subscriptions that ask for the trial of their plan. */
  readonly trial_period_days: number | null
}
