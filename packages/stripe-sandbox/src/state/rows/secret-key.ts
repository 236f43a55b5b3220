/** A secret key, by itself as the id, and the account it belongs to. */
export interface SecretKeyRow {
  readonly id: string
  readonly account: string
  /** Whether another key has replaced it. */
  readonly expired: boolean
}
