import type { EntityManager } from '@mikro-orm/postgresql'
import { listOwnersOf } from '../../accounts/index.ts'
import type { Scope } from '../../platform/scope.ts'
import type { Customer } from '../customer.entity.ts'
import { DEFAULT_PROVIDER } from '../provider.schemas.ts'
import { hasUsedTrial } from './has-used-trial.ts'
import { insertCustomer } from './insert-customer.ts'

/**
 * Records that an account's trial has begun: for the account, and for the personal accounts of those who own it now. So
 * an owner who leaves it gets no other trial.
 *
 * The owners' customers are locked. If two trials begin at the same moment, the second one sees the first.
 *
 * @param lockRow the row that holds the account's lock, in this transaction.
 * @returns whether the account or an owner had a trial before.
 */
export async function useTrial(
  { em, clock }: Pick<Scope, 'em' | 'clock'>,
  lockRow: Customer,
  startedAt: Date,
): Promise<boolean> {
  const accountId = lockRow.account.id
  const owners = await listOwnersOf(em, accountId)
  for (const owner of owners) await lockCustomerOf({ em, clock }, owner)
  const wasUsed = await hasUsedTrial(em, accountId)
  await markUsed(em, owners, startedAt)
  lockRow.trialUsedAt = startedAt
  return wasUsed
}

async function lockCustomerOf({ em, clock }: Pick<Scope, 'em' | 'clock'>, accountId: string): Promise<void> {
  await insertCustomer({ em, clock }, { account: accountId, provider: DEFAULT_PROVIDER })
  await em.execute('select 1 from customers where account_id = ? and provider = ? for update', [
    accountId,
    DEFAULT_PROVIDER,
  ])
}

async function markUsed(em: EntityManager, accountIds: readonly string[], startedAt: Date): Promise<void> {
  await em.execute(
    `update customers set trial_used_at = ?
     where account_id = any(?::uuid[]) and provider = ? and trial_used_at is null`,
    [startedAt, `{${accountIds.join(',')}}`, DEFAULT_PROVIDER],
  )
}
