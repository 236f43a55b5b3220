/** A notice that something changed; what it is now is always asked of the provider. */
export interface ProviderChange {
  id: string
  type: string
  isLiveMode: boolean
  occurredAt: Date
  /** The customer concerned, as far as the notice tells. */
  customerId: string | null
  subject: ProviderSubject | null
  /** The subscription that the subject seems to belong to: spares a wait, proves nothing. */
  subscriptionHint: string | null
  /** What an update changed, with the old values. */
  previous: { priceId: string | null; isCancellation: boolean }
  payload: Record<string, unknown>
}

/** The object that a notice is about; a payment's is the one that a charge, a refund or a dispute belongs to. */
export interface ProviderSubject {
  kind: 'checkout' | 'subscription' | 'invoice' | 'payment' | 'customer' | 'product' | 'price'
  id: string
}
