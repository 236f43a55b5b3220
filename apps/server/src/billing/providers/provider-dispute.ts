/** A payment that the customer's bank questions or takes back. */
export interface ProviderDispute {
  id: string
  /** The provider's word for it, such as `fraudulent`. */
  reason: string
  /**
   * - `needs_response`: evidence can be given.
   * - `under_review`: the bank decides.
   * - `won`, `lost`: the bank has decided.
   * - `closed`: it ended without a decision, and no money was taken.
   */
  status: 'needs_response' | 'under_review' | 'won' | 'lost' | 'closed'
  /** Whether the bank only asks so far. No money has moved. */
  isInquiry: boolean
  amountCents: number
  currency: string
  /** By when evidence counts; null if none can be given. */
  dueBy: Date | null
  /** Whether evidence was submitted to the bank. */
  hasEvidence: boolean
  openedAt: Date
}
