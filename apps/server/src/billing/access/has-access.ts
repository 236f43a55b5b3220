import type { BillingScope } from '../billing-scope.ts'
import { accessFacts, type AccessColumns } from './access-facts.ts'
import { decideAccess } from './decide-access.ts'

/** Whether a subscription gives access now, in billing time. */
export async function hasAccess(
  { billing: { time, settings } }: Pick<BillingScope, 'billing'>,
  subscription: AccessColumns,
): Promise<boolean> {
  return decideAccess(accessFacts(subscription), await time.now(), settings).hasAccess
}
