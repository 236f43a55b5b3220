import type { Account } from '../state/account.ts'
import type { Address, CustomerRow } from '../state/rows/customer.ts'

/** A customer with the address that purchases are shipped to, which counts for taxes before their own address. */
export function locatedCustomer(
  account: Account,
  id: string,
): CustomerRow & { shipping: Pick<Address, 'country' | 'postal_code' | 'state'> | null } {
  const shipping = account.echoes.find(id)?.fields['shipping']
  const address = isHash(shipping) ? shipping['address'] : null
  const text = (name: string): string | null =>
    isHash(address) && typeof address[name] === 'string' ? address[name] : null
  return {
    ...account.customers.get(id),
    shipping: isHash(address)
      ? { country: text('country'), postal_code: text('postal_code'), state: text('state') }
      : null,
  }
}

const isHash = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
