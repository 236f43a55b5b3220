/** The part of the port for refunds. */
export interface RefundProvider {
  /**
   * Refunds a payment once per `key`: an amount, or all that is left. A full refund of a payment that is already
   * refunded is no error. The provider forgets keys after a day, so check `hasRefund` before a repeat.
   *
   * @param input.paymentId the payment's id at the provider.
   * @throws {NotRefundable} if the provider refuses; nothing was refunded.
   */
  refund(input: { key: string; paymentId: string; amountCents?: number }): Promise<void>
  /** Whether a refund with this key exists, even if the provider has forgotten the key. */
  hasRefund(input: { key: string; paymentId: string }): Promise<boolean>
  /**
   * The refunds of a payment that an operator made at the provider, newest first. Empty if the provider does not tell
   * them from ours.
   */
  fetchOperatorsRefunds(paymentId: string): Promise<ProviderRefund[]>
  /**
   * The refunds of a payment that were begun and have failed since, ours too: the money did not leave. Empty if the
   * provider gives refunds no names (`namedRefunds`).
   */
  fetchFailedRefunds(paymentId: string): Promise<FailedRefund[]>
}

/** A refund that the bank could not carry out, or that was canceled before. */
export interface FailedRefund {
  id: string
  /** The key of a refund made here; null for one made at the provider. */
  key: string | null
  amountCents: number
}

/** What became of payments that are to be paid back in full. */
export interface PaidBack {
  /** Their ids. */
  returned: readonly string[]
  /** What the provider refuses to pay back. */
  refused: readonly RefusedRefund[]
}

export interface RefusedRefund {
  paymentId: string
  amountCents: number
  currency: string
}

/** A refund that was not made here. */
export interface ProviderRefund {
  id: string
  amountCents: number
  createdAt: Date
  /** Whether it is the payment's last refund, counting ours too. */
  isLatest: boolean
}
