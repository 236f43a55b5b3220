import { after } from '../../platform/clock.ts'
import { DAY } from '../../platform/durations.ts'
import type { BillingScope } from '../billing-scope.ts'
import { ReconciliationFinding } from '../reconciliation-finding.entity.ts'

/**
 * Reports, at most once a day, a live subscription about which its provider says nothing. A person has to look.
 *
 * @param why for the log.
 */
export async function reportUnknown(
  { em, clock, log }: Pick<BillingScope, 'em' | 'clock' | 'log'>,
  { accountId, id, why }: { accountId: string; id: string; why: string },
): Promise<void> {
  const kind = 'unknown_at_provider'
  const foundAt = { $gt: after(clock.now(), -DAY) }
  if ((await em.count(ReconciliationFinding, { kind, objectId: id, foundAt })) > 0) return
  log.error({ providerSubscriptionId: id }, why)
  const object = { objectType: 'subscription', objectId: id, account: accountId } as const
  em.create(ReconciliationFinding, { kind, ...object, foundAt: clock.now() })
}
