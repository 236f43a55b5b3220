import { EmailAddress } from '../auth.schemas.ts'
import type { ProvenAddress } from './provider.ts'

/**
 * Judges an address that a provider calls verified.
 *
 * One that we could not write to counts as not verified. So does one with other letters than ASCII before the `@`:
 * lower-cased, the Kelvin sign is a `k`, and whoever holds the address with the one would get the account of the other.
 * And so does one at github.local, which stands in for a missing address and is nobody's.
 */
export function provenAddress(raw: string): ProvenAddress {
  const parsed = EmailAddress.safeParse(raw)
  if (!parsed.success || !/^[\x21-\x7e]+@[^@]+$/.test(raw.trim())) return { state: 'unverified' }
  if (parsed.data.endsWith('@github.local')) return { state: 'unverified' }
  return { state: 'verified', email: parsed.data }
}
