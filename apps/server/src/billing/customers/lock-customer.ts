import { LockMode, type Loaded } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { newId } from '../../platform/database/ids.ts'
import type { Scope } from '../../platform/scope.ts'
import { Customer } from '../customer.entity.ts'

/** A customer whose row this transaction holds, with his account. */
export type LockedCustomer = Loaded<Customer, 'user'>

/**
 * Takes the lock under which all of one customer's billing is changed, until the transaction ends. A user who never
 * paid anything has no customer row yet; then this makes one.
 */
export async function lockCustomer(
  { em, clock }: Pick<Scope, 'em' | 'clock'>,
  input: { userId: string },
): Promise<LockedCustomer> {
  await em.execute(
    'insert into customers (id, user_id, created_at) values (?, ?, ?) on conflict (user_id) do nothing',
    [newId(), input.userId, clock.now()],
  )
  return withUser(em, await em.findOneOrFail(Customer, { user: input.userId }, LOCKED))
}

/** The same for the customer whom the provider knows by this id; null for nobody of ours. */
export async function lockProviderCustomer(
  em: EntityManager,
  providerCustomerId: string,
): Promise<LockedCustomer | null> {
  const customer = await em.findOne(Customer, { providerCustomerId }, LOCKED)
  return customer && withUser(em, customer)
}

/** Read again under the lock: what this unit of work knew before may be old. */
const LOCKED = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const

/** Read by itself: populated along with the customer, the account's row would be locked, too, and hold up every log-in. */
async function withUser(em: EntityManager, customer: Customer): Promise<LockedCustomer> {
  return em.populate(customer, ['user'], { refresh: true })
}
