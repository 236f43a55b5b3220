import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { isAccountOpen } from '../../accounts/index.ts'
import { atProvider, withTimeBudget, type BillingScope, type CallingScope } from '../billing-scope.ts'
import { Customer } from '../customer.entity.ts'
import { DEFAULT_PROVIDER, type SubscriptionProvider } from '../provider.schemas.ts'
import { insertCustomer } from './insert-customer.ts'
import { noteBillingTime } from './note-billing-time.ts'

/** The account's customer at the provider in question, in a transaction that holds the account's lock. */
export type LockedCustomer = Customer & {
  /** Whether the account may be billed: it is not closed. */
  readonly isAccountOpen: boolean
}

/**
 * The scope of work under an account's lock. Its `em` is the transaction that holds the lock, and its calls to the
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
  /** The row that is locked. It also knows the account's trial. */
  readonly lockRow: Customer

  constructor({ em, jobs, clock, log, billing }: CallingScope, lockRow: Customer) {
    this.lockRow = lockRow
    this.em = em
    this.jobs = jobs
    this.clock = clock
    this.log = log
    this.billing = billing
  }
}
export type { HeldLock as LockedScope }

/**
 * Runs `work` in a transaction that holds the lock on one account. Everything that changes an account's billing runs
 * here. So an older answer of a provider can't overwrite a newer one, and no decision is based on rows that change.
 *
 * An account has one lock, whatever its provider: its customer row of the default provider.
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
    const lockRow = await lock(em, scope, accountId)
    await noteBillingTime(em, scope)
    if (scope.billing.cause) await em.execute("select set_config('tollgate.cause', ?, true)", [scope.billing.cause])
    const locked = new HeldLock({ ...calling, em }, lockRow)
    return work(locked, await customerOf(locked, lockRow.isAccountOpen))
  })
}

/**
 * The same lock, with another provider in question, and the account's customer there.
 *
 * @throws {ProviderUnsupported} if it is not configured.
 */
export async function lockedAt(
  locked: HeldLock,
  customer: LockedCustomer,
  provider: SubscriptionProvider,
): Promise<[HeldLock, LockedCustomer]> {
  const scope = atProvider(locked, provider)
  if (scope === locked) return [locked, customer]
  const there = new HeldLock(scope, locked.lockRow)
  return [there, await customerOf(there, customer.isAccountOpen)]
}

async function lock(em: EntityManager, { clock }: BillingScope, accountId: string): Promise<LockedCustomer> {
  const which = { account: accountId, provider: DEFAULT_PROVIDER }
  let row = await em.findOne(Customer, which, LOCKED)
  if (!row) {
    await insertCustomer({ em, clock }, which)
    row = await em.findOneOrFail(Customer, which, LOCKED)
  }
  // In a separate query. In the first one, the user's row would be locked, too, and block every login.
  return Object.assign(row, { isAccountOpen: await isAccountOpen(em, accountId) })
}

/** The account's customer at the scope's provider. The lock makes locking its row unnecessary. */
async function customerOf({ em, clock, billing, lockRow }: HeldLock, isOpen: boolean): Promise<LockedCustomer> {
  const { name: provider } = billing.provider
  if (provider === lockRow.provider) return Object.assign(lockRow, { isAccountOpen: isOpen })
  const which = { account: lockRow.account.id, provider }
  await insertCustomer({ em, clock }, which)
  const customer = await em.findOneOrFail(Customer, which, { refresh: true })
  return Object.assign(customer, { isAccountOpen: isOpen })
}

/** Refreshed, because this unit of work may have read the row before it had the lock. */
const LOCKED = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const
