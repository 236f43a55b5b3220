/** What is on file to charge. Only the last digits are known. */
export interface ProviderPaymentMethod {
  /** `card`, or the provider's word for another type. */
  type: string
  /** Of a card: `visa`, `mastercard`, … */
  brand: string | null
  last4: string | null
  expMonth: number | null
  expYear: number | null
}
