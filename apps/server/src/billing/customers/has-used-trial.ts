import type { EntityManager } from '@mikro-orm/postgresql'
import { listAccountsOfOwners } from '../../accounts/index.ts'
import { Customer } from '../customer.entity.ts'

/**
 * Whether an account has had its trial, or one of its owners has in another account. Otherwise each new organization
 * would be another trial.
 */
export async function hasUsedTrial(em: EntityManager, accountId: string): Promise<boolean> {
  const accounts = await listAccountsOfOwners(em, accountId)
  return (await em.count(Customer, { account: { $in: [accountId, ...accounts] }, trialUsedAt: { $ne: null } })) > 0
}
