import { isConfigured, atProvider, type Dispute } from '../../billing/index.ts'
import { DAY } from '../../platform/durations.ts'
import type { AdminScope } from '../admin-scope.ts'
import type { DisputeView, OwnedPaymentView } from '../money.schemas.ts'

/** @param provider where the payment was made. */
export function disputeView(
  scope: AdminScope,
  dispute: Dispute,
  { provider, billingNow }: { provider: OwnedPaymentView['provider']; billingNow: Date },
): DisputeView {
  const { id, providerDisputeId, reason, status, isInquiry, amountCents, currency, hasEvidence, openedAt } = dispute
  const dueBy = dispute.dueBy ?? null
  const providerUrl =
    provider !== 'manual' && isConfigured(scope, provider)
      ? atProvider(scope, provider).billing.provider.disputePage(providerDisputeId)
      : null
  return {
    ...{ id, providerDisputeId, reason, status, isInquiry, amountCents, currency, dueBy, hasEvidence, openedAt },
    daysLeft: daysLeft(dueBy, billingNow),
    providerUrl,
  }
}

/** Whole days until a moment; negative once it is over. */
export const daysLeft = (moment: Date | null, now: Date): number | null =>
  moment && Math.floor((moment.getTime() - now.getTime()) / DAY)
