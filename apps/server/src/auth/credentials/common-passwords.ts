import { dictionary } from '@zxcvbn-ts/language-common'
import { InvalidInput } from '../../platform/errors/errors.ts'

/** Some 49,000 passwords that are tried first, from leaks. */
const COMMON = new Set(dictionary['passwords-common'])

/**
 * Refuses a password that everybody tries first.
 *
 * @param field the input field to name.
 * @throws {InvalidInput}
 * @see https://pages.nist.gov/800-63-4/sp800-63b.html (3.1.1.2: compare with a list of common passwords)
 */
export function refuseCommonPassword(password: string, field: string): void {
  if (COMMON.has(password.toLowerCase())) {
    throw new InvalidInput({ [field]: 'is one of the most common passwords; please choose another' })
  }
}
