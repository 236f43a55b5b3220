import type { Account } from '../state/account.ts'
import type { Address } from '../state/rows/customer.ts'
import { isInEu } from './rates.ts'

/** Where the seller is. Until the settings say otherwise, that is in New York. */
export function headOffice(account: Account): Pick<Address, 'country' | 'state'> {
  return account.taxSettings.find('tax')?.head_office ?? { country: 'US', state: 'NY' }
}

/**
 * Whether the account collects tax in a place. Without any registrations it collects everywhere, so that taxes can be
 * tried out at once.
 */
export function isRegisteredIn(account: Account, place: { country: string; state: string | null }): boolean {
  const all = account.taxRegistrations.all()
  const now = account.now()
  return (
    all.length === 0 ||
    all.some(
      ({ active_from, country, expires_at, type, state }) =>
        active_from <= now &&
        (expires_at === null || expires_at > now) &&
        (country === place.country
          ? country !== 'US' || state === place.state
          : isInEu(country) && isInEu(place.country) && type === 'oss_union'),
    )
  )
}
