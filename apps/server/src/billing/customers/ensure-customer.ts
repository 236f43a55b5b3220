import { after } from '../../platform/clock.ts'
import { HOUR } from '../../platform/durations.ts'
import { isStandInAddress } from '../../platform/reserved-domain.ts'
import type { CallingScope } from '../billing-scope.ts'
import { Customer } from '../customer.entity.ts'
import { insertCustomer } from './insert-customer.ts'

/** Less than the day for which the provider keeps keys. */
const KEYS_ARE_SAFE_FOR = 12 * HOUR

/** The user as billing needs him: his address as it is now, and the name on the provider's customer. */
export interface Payer {
  userId: string
  email: string
  username: string
}

/** A customer whom the provider knows. */
export type ProviderCustomer = Customer & { providerCustomerId: string }

/**
 * The user's one customer, here and at the provider, however many calls ask at once: the row comes first, its unique
 * index decides who makes it, and its id is the key under which the provider makes its own.
 *
 * @throws {PaymentProviderError}
 */
export async function ensureCustomer({ em, clock, billing }: CallingScope, payer: Payer): Promise<ProviderCustomer> {
  await insertCustomer({ em, clock }, payer.userId)
  const customer = await em.findOneOrFail(Customer, { user: payer.userId }, { refresh: true })
  const { providerCustomerId } = customer
  if (providerCustomerId) return Object.assign(customer, { providerCustomerId })

  const made = await billing.provider.ensureCustomer({
    // Another one each time that the provider's own was deleted there.
    key: customer.generation === 0 ? customer.id : `${customer.id}:${customer.generation}`,
    userId: payer.userId,
    email: billingEmail(payer.email),
    name: payer.username,
    mayExist: customer.createdAt < after(clock.now(), -KEYS_ARE_SAFE_FOR),
  })
  await em.nativeUpdate(Customer, { id: customer.id, providerCustomerId: null }, { providerCustomerId: made })
  return Object.assign(customer, { providerCustomerId: made })
}

/** The address that the provider may know; null for a stand-in address. */
export const billingEmail = (email: string): string | null => (isStandInAddress(email) ? null : email)
