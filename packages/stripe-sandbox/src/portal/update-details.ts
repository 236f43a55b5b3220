import { invalidRequest } from '../http/errors.ts'
import { updateCustomer } from '../resources/customer.ts'
import { featuresOfSession } from '../resources/portal-features.ts'
import type { Account } from '../state/account.ts'
import type { CustomerField, PortalSessionRow } from '../state/rows/checkout.ts'
import type { Address } from '../state/rows/customer.ts'

/** What the page lets customers change about themselves. A flow opens it whatever the configuration says. */
export function changeableFields(account: Account, session: PortalSessionRow): readonly CustomerField[] {
  const { customer_update: update } = featuresOfSession(account, session)
  if (session.flow) return session.flow.type === 'customer_update' ? (update?.allowed_updates ?? DEFAULT_FIELDS) : []
  return update?.enabled ? update.allowed_updates : []
}

const DEFAULT_FIELDS: readonly CustomerField[] = ['name', 'email', 'phone', 'address']

/**
 * Changes what customers type about themselves. An empty text removes it.
 *
 * @throws {StripeApiError} 400 for an invalid email address.
 */
export function updateDetails(account: Account, session: PortalSessionRow, typed: (name: string) => string): void {
  const fields = new Set(changeableFields(account, session))
  const text = (name: string): string | null => typed(name).trim().slice(0, 256) || null
  const email = text('email')
  if (fields.has('email') && (email === null || !/^[^\s@]+@[^\s@]+$/.test(email)))
    throw invalidRequest('Please enter a valid email address.')
  const line: Address = {
    ...{ city: text('city'), country: text('country'), line1: text('line1'), line2: null },
    ...{ postal_code: text('postalCode'), state: text('state') },
  }
  updateCustomer(account, session.customer, {
    ...(fields.has('name') && { name: text('name') }),
    ...(fields.has('email') && { email }),
    ...(fields.has('phone') && { phone: text('phone')?.slice(0, 20) ?? null }),
    ...(fields.has('address') && { address: Object.values(line).every((each) => each === null) ? null : line }),
  })
}
