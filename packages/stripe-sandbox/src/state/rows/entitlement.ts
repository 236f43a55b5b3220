/** Something that customers are entitled to while they subscribe to a product that has it. */
export interface FeatureRow {
  readonly id: string
  readonly active: boolean
  readonly lookup_key: string
  readonly metadata: Record<string, string>
  readonly name: string
}

export interface ProductFeatureRow {
  readonly id: string
  readonly feature: string
  readonly product: string
}

export interface EntitlementRow {
  readonly id: string
  readonly customer: string
  readonly feature: string
}
