import type { AccessPolicy } from '../billing.settings.ts'
import type { SubscriptionProvider } from '../provider.schemas.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { decideAccess, type Access } from './decide-access.ts'
import { plannedEnd } from './planned-end.ts'

/** The columns of a subscription `s` that {@link accessOfRow} needs. */
export const ACCESS_COLUMNS = `s.status, s.provider, s.current_period_end, s.cancel_at_period_end, s.cancel_at,
  s.paused_from, s.past_due_since, s.followed_at is not null as is_followed`

/** A subscription's row without the ORM; timestamps are text. */
export interface SubscriptionRow {
  status: string
  provider: SubscriptionProvider
  current_period_end: string
  cancel_at_period_end: boolean
  cancel_at: string | null
  paused_from: string | null
  past_due_since: string | null
  is_followed: boolean
}

/** Decides whether the subscription of a row gives access. */
export function accessOfRow(row: SubscriptionRow, billingNow: Date, { settings }: { settings: AccessPolicy }): Access {
  const currentPeriodEnd = new Date(row.current_period_end)
  const end = { cancelAt: dateOrNull(row.cancel_at), cancelAtPeriodEnd: row.cancel_at_period_end, currentPeriodEnd }
  const facts = {
    status: row.status,
    currentPeriodEnd,
    endsAt: plannedEnd(end),
    pausedFrom: dateOrNull(row.paused_from),
    pastDueSince: dateOrNull(row.past_due_since),
    isFollowed: row.is_followed,
    renews: CAPABILITIES[row.provider].renews,
  }
  return decideAccess(facts, billingNow, settings)
}

const dateOrNull = (moment: string | null): Date | null => (moment === null ? null : new Date(moment))
