import { isStandInAddress } from '../../platform/reserved-domain.ts'
import { EmailAddress } from '../auth.schemas.ts'
import type { ProvenAddress } from './provider.ts'

/**
 * Decides whether we trust an address that a provider calls verified.
 *
 * Three kinds of address count as unverified:
 * - an address that we could not send mail to;
 * - an address with a non-ASCII character before the `@`: in lower case, the Kelvin sign is a `k`, so its holder would
 *   get the account of another address;
 * - a stand-in address.
 */
export function provenAddress(raw: string): ProvenAddress {
  const parsed = EmailAddress.safeParse(raw)
  if (!parsed.success || !/^[\x21-\x7e]+@[^@]+$/.test(raw.trim())) return { state: 'unverified' }
  if (isStandInAddress(parsed.data)) return { state: 'unverified' }
  return { state: 'verified', email: parsed.data }
}
