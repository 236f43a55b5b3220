/** The part of the port for plans: products and prices. */
export interface CatalogueProvider {
  /** Creates the plan's product once. An existing product keeps its name. */
  ensureProduct(input: { planId: string; code: string; name: string }): Promise<string>

  /**
   * Creates a price once per `key`.
   *
   * @throws {InvalidInput} for a currency that the provider does not accept.
   */
  ensurePrice(input: ProviderPriceInput): Promise<string>

  /**
   * Copies the plan to its product and prices: sets the name, sets whether the plan is for sale, and archives every
   * price that we created except those for which it is sold. Other prices of the product stay as they are. A repeat changes
   * nothing. Does nothing if the provider does not know the product.
   */
  syncPlan(plan: ProviderPlan): Promise<void>

  /** @returns null if the provider does not know the product or price. */
  fetchCatalogueItem(item: CatalogueItem): Promise<ProviderCatalogueItem | null>

  /**
   * Archives a product or price that a plan change has made active for the length of a call and left active.
   *
   * @returns whether it was still active.
   */
  archiveAgain(item: CatalogueItem): Promise<boolean>
}

export interface CatalogueItem {
  kind: 'product' | 'price'
  id: string
}

export type BillingPeriod = 'monthly' | 'yearly'

/** How often a price is charged. An operator may sell other intervals than ours at the provider. */
export interface BillingInterval {
  unit: 'day' | 'week' | 'month' | 'year'
  count: number
}

export interface ProviderPriceInput {
  /** Derived from our row. At most 200 characters. */
  key: string
  planId: string
  name: string
  productId: string
  priceCents: number
  currency: string
  billingPeriod: BillingPeriod
  /** Null for a price per unit. */
  seats: SeatTerms | null
}

/** The terms of a price that charges per member. The quantity is the number of members. */
export interface SeatTerms {
  /** How many members the plan's price covers. */
  included: number
  /** What each further member costs per billing period. */
  perSeatCents: number
}

export interface ProviderPlan {
  planId: string
  productId: string
  name: string
  /** Whether it is for sale. */
  isActive: boolean
  /** The prices for which it is sold, the first one first. Empty if the provider has none yet. */
  priceIds: readonly string[]
  /** The prices that it had before, as far as our rows know them. */
  formerPriceIds: readonly string[]
}

export interface ProviderCatalogueItem {
  id: string
  name: string | null
  isActive: boolean
  /** A plan change has made it active for the length of a call, and has not archived it again. */
  mustBeArchived: boolean
}
