export interface TaxRateRow {
  readonly id: string
  readonly created: number
  readonly active: boolean
  readonly country: string | null
  readonly description: string | null
  readonly display_name: string
  readonly inclusive: boolean
  readonly jurisdiction: string | null
  readonly metadata: Record<string, string>
  readonly percentage: number
  readonly state: string | null
  readonly tax_type: string | null
}
