import type { BillingScope } from '../billing-scope.ts'
import { WarnOfLostCodes } from '../billing.queues.ts'

/**
 * Follows an event about a promotion code or a coupon: the scheduled changes that will redeem it are looked at now.
 *
 * @returns false if there are none.
 */
export async function lookAtCodes({ em, jobs, billing }: BillingScope, id: string): Promise<boolean> {
  const due = await em.execute<object[]>(
    `update code_checks c set checked_at = null from subscriptions s
     where s.id = c.subscription_id and s.provider = ? and s.scheduled_at is not null and ? = any(c.refs) returning c.subscription_id`,
    [billing.provider.name, id],
  )
  if (due.length === 0) return false
  await jobs.send(em, WarnOfLostCodes, {})
  return true
}
