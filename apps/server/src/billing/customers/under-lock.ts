import { LockMode, type Loaded } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { withTimeBudget, type BillingScope, type CallingScope } from '../billing-scope.ts'
import { Customer } from '../customer.entity.ts'
import { insertCustomer } from './insert-customer.ts'

/** A customer whose row this transaction holds, with the account. */
export type LockedCustomer = Loaded<Customer, 'user'>

/**
 * The scope of work under a customer's lock: `em` is the transaction that holds the lock, and all calls to the provider
 * share one time budget.
 *
 * Only {@link underLock} makes one. To the compiler a copy is not one any more, because its `em` may be another.
 */
class HeldLock implements CallingScope {
  protected readonly isHeld = true
  readonly em: CallingScope['em']
  readonly jobs: CallingScope['jobs']
  readonly clock: CallingScope['clock']
  readonly log: CallingScope['log']
  readonly billing: CallingScope['billing']

  constructor({ em, jobs, clock, log, billing }: CallingScope) {
    this.em = em
    this.jobs = jobs
    this.clock = clock
    this.log = log
    this.billing = billing
  }
}
export type { HeldLock as LockedScope }

/**
 * Runs `work` in a transaction that holds the lock on one customer. Everything that changes a customer's billing runs
 * here, so no answer of the provider can overwrite a newer one, and nothing is decided on rows that are changing.
 *
 * The provider's calls have a time budget. The lock and its database connection are held no longer than that, plus the
 * time for our own statements. A user who never paid anything has no customer row yet; then this inserts one.
 *
 * @see docs/decisions/0003-stripe-is-the-truth.md
 */
export async function underLock<T>(
  scope: BillingScope,
  userId: string,
  work: (locked: HeldLock, customer: LockedCustomer) => Promise<T>,
): Promise<T> {
  const calling = withTimeBudget(scope)
  return calling.em.transactional(async (em) => {
    const customer = await lockCustomer(em, scope, userId)
    return work(new HeldLock({ ...calling, em }), customer)
  })
}

async function lockCustomer(em: EntityManager, { clock }: BillingScope, userId: string): Promise<LockedCustomer> {
  let customer = await em.findOne(Customer, { user: userId }, LOCKED)
  if (!customer) {
    await insertCustomer({ em, clock }, userId)
    customer = await em.findOneOrFail(Customer, { user: userId }, LOCKED)
  }
  // With a query of its own. A populated account would be locked along with the customer, and hold up every login.
  return em.populate(customer, ['user'], { refresh: true })
}

/** Refreshed, because what this unit of work has read before it had the lock may be out of date. */
const LOCKED = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
