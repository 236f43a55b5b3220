import { EmailUnverified } from '../auth.errors.ts'
import type { ProviderAccount } from '../providers/provider.ts'

/**
 * The address that a provider's account may link or open an account by.
 *
 * @returns null for a GitHub account without an address.
 * @throws {EmailUnverified} when the address is not verified, or a Google account has none.
 */
export function verifiedAddress({ provider, address }: Pick<ProviderAccount, 'provider' | 'address'>): string | null {
  if (address.state === 'verified') return address.email
  if (address.state === 'none' && provider === 'github') return null
  throw new EmailUnverified()
}
