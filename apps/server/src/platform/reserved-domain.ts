/** Accounts that were opened with a GitHub account without an address have a stand-in address at this domain. */
export const RESERVED_DOMAIN = 'github.local'

/** The stand-in address with this local part. */
export const standInAddress = (localPart: string): string => `${localPart}@${RESERVED_DOMAIN}`

/**
 * Whether an address is a stand-in. Stand-ins get no mail, and no payment provider sees them. They can't be registered,
 * changed to, or used to link an account.
 */
export const isStandInAddress = (address: string): boolean =>
  address.trim().toLowerCase().endsWith(`@${RESERVED_DOMAIN}`)
