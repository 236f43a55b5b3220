import type { BillingScope } from '../billing-scope.ts'
import { accessFacts, type AccessColumns } from './access-facts.ts'
import { decideAccess } from './decide-access.ts'

/**
 * When access ends if an invoice stays unpaid: null if the customer has none, undefined if it doesn't depend on the
 * invoice.
 */
export async function accessAtStake(
  { billing }: Pick<BillingScope, 'billing'>,
  subscription: AccessColumns,
): Promise<string | null | undefined> {
  const { accessUntil, accessReason } = decideAccess(
    accessFacts(subscription),
    await billing.time.now(),
    billing.settings,
  )
  if (accessReason === 'past_due_grace') return accessUntil?.toISOString()
  return accessReason === 'pending' || accessReason === 'past_due' || accessReason === 'unpaid' ? null : undefined
}
