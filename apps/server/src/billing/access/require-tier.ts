import type { BillingScope } from '../billing-scope.ts'
import { PlanRequired } from '../billing.errors.ts'
import type { EntitlementView } from '../billing.schemas.ts'
import { readEntitlement } from './read-entitlement.ts'

export type Tier = EntitlementView['tier']

const RANKS: Record<Tier, number> = { free: 0, pro: 1, vip: 2 }

/**
 * Lets those through who have access on a plan of at least this tier; `free` asks for any plan at all.
 *
 * @throws {PlanRequired}
 */
export async function requireTier(scope: BillingScope, input: { userId: string; tier: Tier }): Promise<void> {
  const { tier, planCode } = await readEntitlement(scope, input)
  if (planCode === null || RANKS[tier] < RANKS[input.tier]) throw new PlanRequired()
}
