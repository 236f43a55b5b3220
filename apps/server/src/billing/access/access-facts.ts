import { CAPABILITIES } from '../providers/capabilities.ts'
import type { Subscription } from '../subscription.entity.ts'
import type { AccessFacts } from './decide-access.ts'
import { plannedEnd } from './planned-end.ts'

/** What access depends on, as a subscription's row has it. */
export function accessFacts(subscription: Subscription): AccessFacts {
  const { status, currentPeriodEnd, pausedFrom = null, pastDueSince = null, provider } = subscription
  const { renews } = CAPABILITIES[provider]
  return { status, currentPeriodEnd, endsAt: plannedEnd(subscription), pausedFrom, pastDueSince, renews }
}
