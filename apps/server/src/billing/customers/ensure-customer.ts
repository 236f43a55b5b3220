import { after } from '../../platform/clock.ts'
import { HOUR } from '../../platform/durations.ts'
import type { CallingScope } from '../billing-scope.ts'
import { Customer } from '../customer.entity.ts'
import { insertCustomer } from './insert-customer.ts'
import { readContact } from './read-contact.ts'

/** How long the provider surely remembers an idempotency key. It keeps them for a day. */
const KEYS_ARE_SAFE_FOR = 12 * HOUR

/** A customer that exists at the provider, too. */
export type ProviderCustomer = Customer & { providerCustomerId: string }

/**
 * Finds or creates the account's one customer at the scope's provider, here and there. Simultaneous calls get the same
 * one: the row comes first, and an index allows one per account and provider. Its id is the idempotency key for the
 * provider's customer.
 *
 * @throws {PaymentProviderError}
 */
export async function ensureCustomer(
  { em, clock, billing }: CallingScope,
  accountId: string,
): Promise<ProviderCustomer> {
  const which = { account: accountId, provider: billing.provider.name }
  await insertCustomer({ em, clock }, which)
  const customer = await em.findOneOrFail(Customer, which, { refresh: true })
  const { providerCustomerId } = customer
  if (providerCustomerId) return Object.assign(customer, { providerCustomerId })

  const contact = await readContact(em, accountId)
  const made = await billing.provider.ensureCustomer({
    // A new key each time the customer was deleted at the provider.
    key: customer.generation === 0 ? customer.id : `${customer.id}:${customer.generation}`,
    accountId,
    ...contact,
    mayExist: customer.createdAt < after(clock.now(), -KEYS_ARE_SAFE_FOR),
  })
  const providerAccount = await billing.provider.account()
  await em.nativeUpdate(
    Customer,
    { id: customer.id, providerCustomerId: null },
    { providerCustomerId: made, providerAccount },
  )
  // The address may have changed while the provider was creating the customer: no id existed then to send it to.
  const { email } = await readContact(em, accountId)
  if (email && email !== contact.email) await billing.provider.updateCustomer({ providerCustomerId: made, email })
  return Object.assign(customer, { providerCustomerId: made })
}
