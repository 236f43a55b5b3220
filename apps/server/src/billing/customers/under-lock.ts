import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { isAccountOpen } from '../../accounts/index.ts'
import { withTimeBudget, type BillingScope, type CallingScope } from '../billing-scope.ts'
import { Customer } from '../customer.entity.ts'
import { insertCustomer } from './insert-customer.ts'
import { noteBillingTime } from './note-billing-time.ts'

/** A customer whose row this transaction has locked. */
export type LockedCustomer = Customer & {
  /** Whether the account may be billed: it is not closed. */
  readonly isAccountOpen: boolean
}

/**
 * The scope of work under a customer's lock. Its `em` is the transaction that holds the lock, and its calls to the
 * provider share one time budget.
 *
 * Only {@link underLock} creates one. The protected member makes the type nominal: the compiler refuses every other
 * object, even a copy, because a copy could have another `em`.
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
 * here. So an older answer of the provider can't overwrite a newer one, and no decision is based on rows that change.
 *
 * The calls to the provider have a time budget, which starts before the lock is requested. So the lock and its
 * connection are held no longer than the budget, plus the time for our own statements.
 *
 * An account that never paid has no customer row yet. Then this inserts it.
 *
 * @see docs/decisions/0018-one-bracket-for-billing.md
 */
export async function underLock<T>(
  scope: BillingScope,
  accountId: string,
  work: (locked: HeldLock, customer: LockedCustomer) => Promise<T>,
): Promise<T> {
  // A nested bracket would hold two locks, or end before the transaction does.
  if (scope.em.isInTransaction()) throw new Error('A customer can not be locked inside another transaction.')
  const calling = withTimeBudget(scope)
  return calling.em.transactional(async (em) => {
    const customer = await lockCustomer(em, scope, accountId)
    await noteBillingTime(em, scope)
    return work(new HeldLock({ ...calling, em }), customer)
  })
}

async function lockCustomer(em: EntityManager, { clock }: BillingScope, accountId: string): Promise<LockedCustomer> {
  let customer = await em.findOne(Customer, { account: accountId }, LOCKED)
  if (!customer) {
    await insertCustomer({ em, clock }, accountId)
    customer = await em.findOneOrFail(Customer, { account: accountId }, LOCKED)
  }
  // In a separate query. In the first one, the user's row would be locked, too, and block every login.
  return Object.assign(customer, { isAccountOpen: await isAccountOpen(em, accountId) })
}

/** Refreshed, because this unit of work may have read the row before it had the lock. */
const LOCKED = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
