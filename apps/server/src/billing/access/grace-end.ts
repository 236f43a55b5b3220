import { after } from '../../platform/clock.ts'
import type { AccessPolicy } from '../billing.settings.ts'
import type { AccessFacts } from './decide-access.ts'

/** Until when an overdue subscription gives access: the end of its grace period, or its own end if that comes first. */
export function graceEnd(
  { pastDueSince, currentPeriodEnd, endsAt }: Pick<AccessFacts, 'pastDueSince' | 'currentPeriodEnd' | 'endsAt'>,
  { pastDueGrace }: Pick<AccessPolicy, 'pastDueGrace'>,
): Date {
  const end = after(pastDueSince ?? currentPeriodEnd, pastDueGrace)
  return endsAt !== null && endsAt < end ? endsAt : end
}
