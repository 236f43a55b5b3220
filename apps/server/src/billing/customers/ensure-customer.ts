import { User } from '../../auth/index.ts'
import { after } from '../../platform/clock.ts'
import { HOUR } from '../../platform/durations.ts'
import { isStandInAddress } from '../../platform/reserved-domain.ts'
import type { CallingScope } from '../billing-scope.ts'
import { Customer } from '../customer.entity.ts'
import { insertCustomer } from './insert-customer.ts'

/** How long the provider surely remembers an idempotency key. It keeps them for a day. */
const KEYS_ARE_SAFE_FOR = 12 * HOUR

/** The user who pays: the current address, and the name that the provider shows for the customer. */
export interface Payer {
  userId: string
  email: string
  username: string
}

/** A customer that exists at the provider, too. */
export type ProviderCustomer = Customer & { providerCustomerId: string }

/**
 * Finds or creates the user's one customer, here and at the provider. Simultaneous calls get the same one: the row
 * comes first, and the unique index allows one per user. Its id is the idempotency key for the provider's customer.
 *
 * @throws {PaymentProviderError}
 */
export async function ensureCustomer({ em, clock, billing }: CallingScope, payer: Payer): Promise<ProviderCustomer> {
  await insertCustomer({ em, clock }, payer.userId)
  const customer = await em.findOneOrFail(Customer, { user: payer.userId }, { refresh: true })
  const { providerCustomerId } = customer
  if (providerCustomerId) return Object.assign(customer, { providerCustomerId })

  const made = await billing.provider.ensureCustomer({
    // A new key each time the customer was deleted at the provider.
    key: customer.generation === 0 ? customer.id : `${customer.id}:${customer.generation}`,
    userId: payer.userId,
    email: billingEmail(payer.email),
    name: payer.username,
    mayExist: customer.createdAt < after(clock.now(), -KEYS_ARE_SAFE_FOR),
  })
  const providerAccount = await billing.provider.account()
  await em.nativeUpdate(
    Customer,
    { id: customer.id, providerCustomerId: null },
    { providerCustomerId: made, providerAccount },
  )
  await correctEmail({ em, billing }, payer, made)
  return Object.assign(customer, { providerCustomerId: made })
}

/** Sends an address that changed while the provider was creating the customer: no id existed then to send it to. */
async function correctEmail(
  { em, billing }: Pick<CallingScope, 'em' | 'billing'>,
  payer: Payer,
  providerCustomerId: string,
): Promise<void> {
  const user = await em.findOneOrFail(User, { id: payer.userId }, { disableIdentityMap: true })
  const email = billingEmail(user.email)
  if (email && email !== payer.email) await billing.provider.updateCustomer({ providerCustomerId, email })
}

/** The address to give to the provider; null for a stand-in address. */
export const billingEmail = (email: string): string | null => (isStandInAddress(email) ? null : email)
