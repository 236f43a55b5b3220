import { DAY } from '../../platform/durations.ts'

/** How long after its last period a canceled subscription is still settled. Its last invoice is final long before. */
export const ENDED_FOR = 35 * DAY

/**
 * The condition of a subscription (`s`) under which a feature may be used above its limit: it has the price that bills
 * it, and pays. A trial is not billed, and a customer who owes money gets nothing more to pay.
 *
 * @param feature an expression for the feature's name.
 */
export const IS_BILLED = (feature: string): string => `(s.status = 'active' and s.overage ? ${feature})`
