import type { EntityManager } from '@mikro-orm/postgresql'
import type { BillingScope } from '../billing-scope.ts'

/**
 * Tells the triggers of this transaction what billing time it is. They note the day of each change of MRR. Without it,
 * they use the database's own clock, which is the same in production.
 */
export async function noteBillingTime(em: EntityManager, { billing }: Pick<BillingScope, 'billing'>): Promise<void> {
  if (billing.time.isWallTime) return
  const billingNow = await billing.time.now()
  await em.execute("select set_config('tollgate.billing_now', ?, true)", [billingNow.toISOString()])
}
