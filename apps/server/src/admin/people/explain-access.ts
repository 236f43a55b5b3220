import { graceEnd, Subscription, toSubscriptionView } from '../../billing/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { AccessExplanation } from '../people.schemas.ts'

const NOTHING = {
  ...{ planName: null, provider: null, status: null, currentPeriodEnd: null, endsAt: null, pastDueSince: null },
  ...{ graceEndsAt: null, pausedFrom: null, pausedUntil: null, endedAt: null, endedBy: null },
}

/**
 * Says whether an account has access now, and why. It explains the live subscription; without one, the last that ended.
 *
 * @param blockedBy why even a paid subscription gives no access now; null without such a reason.
 */
export async function explainAccess(
  { em, billing }: Pick<AdminScope, 'em' | 'billing'>,
  { accountId, blockedBy }: { accountId: string; blockedBy: 'user_disabled' | 'account_deleted' | null },
): Promise<AccessExplanation> {
  const rows = await em.find(
    Subscription,
    { account: accountId },
    { orderBy: { startedAt: 'desc', id: 'desc' }, populate: ['plan', 'scheduledPlan'] },
  )
  const row = rows.find((one) => one.isLive()) ?? rows[0]
  if (!row) return { hasAccess: false, reason: blockedBy ?? 'no_subscription', until: null, ...NOTHING }

  const view = toSubscriptionView(row, await billing.time.now(), billing.settings)
  const { pastDueSince = null } = row
  const facts = { currentPeriodEnd: view.currentPeriodEnd, pastDueSince, endsAt: view.cancelAt }
  const isLate = row.status === 'past_due' || row.status === 'unpaid'
  return {
    hasAccess: view.hasAccess && blockedBy === null,
    reason: blockedBy ?? view.accessReason,
    until: blockedBy === null ? view.accessUntil : null,
    planName: view.plan.name,
    provider: view.provider,
    status: view.status,
    currentPeriodEnd: view.currentPeriodEnd,
    endsAt: view.cancelAt,
    pastDueSince,
    graceEndsAt: isLate ? graceEnd(facts, billing.settings) : null,
    pausedFrom: view.pause?.from ?? null,
    pausedUntil: view.pause?.until ?? null,
    endedAt: view.endedAt,
    endedBy: row.supersededAt ? 'upgrade' : row.reversedAt ? 'reversal' : row.sweptAt ? 'expiry' : null,
  }
}
