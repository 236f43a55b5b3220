import { dictionary } from '@zxcvbn-ts/language-common'
import { InvalidInput } from '../../platform/errors/errors.ts'

/** About 49,000 leaked passwords that attackers try first. */
const COMMON = new Set(dictionary['passwords-common'])

/**
 * Refuses a password that attackers try first.
 *
 * @param field the input field that the error names.
 * @throws {InvalidInput} for a common password.
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html (3.1.1.2: compare with a list of common passwords)
 */
export function refuseCommonPassword(password: string, field: string): void {
  if (COMMON.has(password.toLowerCase())) {
    throw new InvalidInput({ [field]: 'is one of the most common passwords; choose another' })
  }
}
