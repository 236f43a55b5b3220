/**
 * The account and the mode that an id at the provider belongs to, as `acct_…:live` or `acct_…:test`. A row without one
 * was written before we stored it, or while the provider did not tell its account.
 */
export type ProviderAccount = string

/** The account of an object that the current key can't find, where nothing else is known about it. */
export const OTHER_ACCOUNT: ProviderAccount = 'other'

/**
 * Whether a row's ids belong to another account or mode than the current key. An unknown account counts as the current
 * one until the provider does not find an id.
 */
export function isForeign(account: ProviderAccount | null | undefined, current: ProviderAccount | null): boolean {
  if (account === OTHER_ACCOUNT) return true
  return !!account && !!current && account !== current
}

/** Whether it was paid in test mode, and the current key is a live one. No money was paid for such a row. */
export function isTestOnly(account: ProviderAccount | null | undefined, current: ProviderAccount | null): boolean {
  return !!account?.endsWith(':test') && !!current?.endsWith(':live')
}
