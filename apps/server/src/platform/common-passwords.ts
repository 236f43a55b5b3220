import { dictionary } from '@zxcvbn-ts/language-common'

/** About 49,000 leaked passwords. */
const COMMON = new Set(dictionary['passwords-common'])

/**
 * Whether attackers try this password first.
 *
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html (3.1.1.2: compare with a list of common passwords)
 */
export const isCommonPassword = (password: string): boolean => COMMON.has(password.toLowerCase())
