/** The part of the port for what invoices say of the customer, and what taxes depend on. */
export interface DetailsProvider {
  /** @returns null if the provider does not know the customer, or has deleted it. */
  fetchDetails(providerCustomerId: string): Promise<ProviderDetails | null>
  /**
   * Changes what is given, all of it or nothing, unless the provider fails in between. The tax ids take the place of those
   * that were there.
   *
   * @returns false if the provider does not know the customer, or has deleted it.
   * @throws {InvalidInput} for an address that the provider can't place, or a number that its type can't have.
   */
  updateDetails(providerCustomerId: string, changes: DetailsChange): Promise<boolean>
  /** What the provider's settings lack so that it computes taxes, as sentences for operators. */
  findTaxProblems(): Promise<string[]>
  /** Whether the provider itself has emailed a receipt for one of the latest payments; null if the key may not read it. */
  sendsReceipts(): Promise<boolean | null>
}

export interface ProviderDetails {
  name: string | null
  address: ProviderAddress | null
  taxIds: readonly ProviderTaxId[]
}

export interface ProviderAddress {
  line1: string | null
  line2: string | null
  city: string | null
  postalCode: string | null
  state: string | null
  country: string
}

export interface ProviderTaxId {
  /** Such as `eu_vat`. */
  type: string
  value: string
  /** Null if no registry verifies this type. */
  status: 'pending' | 'verified' | 'unverified' | 'unavailable' | null
}

export interface DetailsChange {
  name?: string | undefined
  /** Null removes it. */
  address?: ProviderAddress | null | undefined
  taxIds?: readonly Pick<ProviderTaxId, 'type' | 'value'>[] | undefined
}
