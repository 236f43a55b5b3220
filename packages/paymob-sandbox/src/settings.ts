/**
 * What Paymob's documentation leaves open, as options of the sandbox and of `PUT /_/settings`. A careful program works
 * with every combination.
 */
export interface Settings {
  /** Whether a second intention may have the `special_reference` of an earlier one. */
  readonly repeatedReferences: 'refused' | 'accepted'
  /** Whether `PUT /subscriptions/{id}` takes `"ends_at": null` to remove an end. */
  readonly endsAtNull: 'accepted' | 'refused'
  /** When a failed renewal moves `next_billing` to the next period: after the last retry, or with the first failure. */
  readonly failedRenewalMoves: 'after_retry' | 'at_once'
  /** Whether `GET /subscriptions/{id}/transactions` lists what the customer paid on pages: to begin, and for a new card. */
  readonly initialTransactionListed: 'no' | 'yes'
}

export const DEFAULT_SETTINGS: Settings = {
  repeatedReferences: 'refused',
  endsAtNull: 'accepted',
  failedRenewalMoves: 'after_retry',
  initialTransactionListed: 'no',
}

/** The values that each setting can have. The first one is the default. */
export const CHOICES: { readonly [Name in keyof Settings]: readonly Settings[Name][] } = {
  repeatedReferences: ['refused', 'accepted'],
  endsAtNull: ['accepted', 'refused'],
  failedRenewalMoves: ['after_retry', 'at_once'],
  initialTransactionListed: ['no', 'yes'],
}
