/** Stands in for the address of a GitHub account that has none. */
const NO_MAIL_DOMAIN = '@github.local'

/** Whether mail may be sent to an address at all; asked when a mail is queued, and once more when it is sent. */
export function isReachable(address: string): boolean {
  return !address.trim().toLowerCase().endsWith(NO_MAIL_DOMAIN)
}
