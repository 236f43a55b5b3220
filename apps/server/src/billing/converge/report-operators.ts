import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { ReconciliationFinding } from '../reconciliation-finding.entity.ts'
import type { BrokenRule } from './decide-entry.ts'

/**
 * Reports once that an operator created a subscription at the provider that breaks one of our rules. The subscription
 * stays, because a person decided it.
 */
export async function reportOperators(
  { em, clock, log }: LockedScope,
  customer: LockedCustomer,
  { id, rule }: { id: string; rule: BrokenRule },
): Promise<void> {
  const kind = 'against_rules'
  if ((await em.count(ReconciliationFinding, { kind, objectId: id })) > 0) return
  log.warn({ providerSubscriptionId: id, rule }, 'an operator made a subscription that breaks one of our rules')
  em.create(ReconciliationFinding, {
    kind,
    objectType: 'subscription',
    objectId: id,
    account: customer.account.id,
    foundAt: clock.now(),
    after: { rule },
  })
}
