import { CAPABILITIES } from '../providers/capabilities.ts'
import type { Subscription } from '../subscription.entity.ts'
import type { AccessFacts } from './decide-access.ts'
import { plannedEnd, type EndColumns } from './planned-end.ts'

/** The columns of a subscription that access depends on. */
export type AccessColumns = EndColumns &
  Pick<Subscription, 'status' | 'pausedFrom' | 'pastDueSince' | 'provider'> &
  Partial<Pick<Subscription, 'followedAt'>>

/** What access depends on, as a subscription's row has it. */
export function accessFacts(subscription: AccessColumns): AccessFacts {
  const { status, currentPeriodEnd, pausedFrom = null, pastDueSince = null, provider } = subscription
  const { renews } = CAPABILITIES[provider]
  const isFollowed = Boolean(subscription.followedAt)
  return { status, currentPeriodEnd, endsAt: plannedEnd(subscription), pausedFrom, pastDueSince, renews, isFollowed }
}
