import { after } from '../../platform/clock.ts'
import type { AccessPolicy } from '../billing.settings.ts'

/** Until when an overdue subscription gives access: the end of its grace period, or its own end if that comes first. */
export function graceEnd(
  {
    pastDueSince,
    currentPeriodEnd,
    endsAt,
  }: { pastDueSince: Date | null; currentPeriodEnd: Date; endsAt: Date | null },
  { pastDueGrace }: Pick<AccessPolicy, 'pastDueGrace'>,
): Date {
  const end = after(pastDueSince ?? currentPeriodEnd, pastDueGrace)
  return endsAt !== null && endsAt < end ? endsAt : end
}
