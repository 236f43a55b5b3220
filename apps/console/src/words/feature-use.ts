import { t } from '../texts/catalogue.ts'
import { formatDay } from './dates.ts'
import type { FeatureUse } from './features.ts'

const number = new Intl.NumberFormat()

/**
 * How much of it is used: `120 of 500 used`, `120 used`, `Included`, or `Not included`. Beyond a limit that does not end
 * the use, `600 used, 500 included`.
 */
export function describeUse({ allowed, limit, used }: FeatureUse): string {
  const words = t.billing.usage
  if (limit && isBeyond({ allowed, limit, used })) return words.usedBeyond(number.format(used), number.format(limit))
  if (limit) return words.usedOf(number.format(used), number.format(limit))
  if (!allowed) return words.notIncluded
  return used === 0 ? words.included : words.used(number.format(used))
}

/** Whether more than the limit is used, and even more may be: it is billed. */
const isBeyond = ({ allowed, limit, used }: Pick<FeatureUse, 'allowed' | 'limit' | 'used'>): boolean =>
  allowed && limit !== null && used > limit

/** When the use of a limited feature is counted from 0 again. Null if it never is, or if nothing is used yet. */
export function describeReset({ limit, used, resetsAt }: FeatureUse): string | null {
  if (limit === null || limit === 0 || resetsAt === null) return null
  return used === 0 ? null : t.billing.usage.resets(formatDay(resetsAt))
}
