import type { BillingScope } from '../billing-scope.ts'
import type { EntitlementView } from '../billing.schemas.ts'
import type { SubscriptionProvider } from '../provider.schemas.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { decideAccess } from './decide-access.ts'
import { plannedEnd } from './planned-end.ts'

interface Row {
  status: string
  provider: SubscriptionProvider
  current_period_end: string
  cancel_at_period_end: boolean
  cancel_at: string | null
  paused_from: string | null
  past_due_since: string | null
  is_followed: boolean
  code: string
  tier: EntitlementView['tier']
}

/**
 * Reads what a user is entitled to now: `free` without access. A single statement, because every gated call runs it.
 */
export async function readEntitlement(
  { em, billing }: Pick<BillingScope, 'em' | 'billing'>,
  { accountId }: { accountId: string },
): Promise<EntitlementView> {
  const [row] = await em.execute<Row[]>(
    `select s.status, s.provider, s.current_period_end, s.cancel_at_period_end, s.cancel_at, s.paused_from, s.past_due_since,
       s.followed_at is not null as is_followed,
       p.code, p.tier
     from subscriptions s join plans p on p.id = s.plan_id
     where s.account_id = ? and s.status <> 'canceled'`,
    [accountId],
  )
  if (!row) return NOTHING

  const currentPeriodEnd = new Date(row.current_period_end)
  const facts = {
    status: row.status,
    currentPeriodEnd,
    endsAt: plannedEnd({
      cancelAt: dateOrNull(row.cancel_at),
      cancelAtPeriodEnd: row.cancel_at_period_end,
      currentPeriodEnd,
    }),
    pausedFrom: dateOrNull(row.paused_from),
    pastDueSince: dateOrNull(row.past_due_since),
    isFollowed: row.is_followed,
    renews: CAPABILITIES[row.provider].renews,
  }
  const { hasAccess, accessUntil } = decideAccess(facts, await billing.time.now(), billing.settings)
  return hasAccess ? { tier: row.tier, planCode: row.code, until: accessUntil } : NOTHING
}

const dateOrNull = (moment: string | null): Date | null => (moment === null ? null : new Date(moment))

const NOTHING: EntitlementView = { tier: 'free', planCode: null, until: null }
