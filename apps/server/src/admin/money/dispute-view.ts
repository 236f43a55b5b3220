import type { Dispute } from '../../billing/index.ts'
import type { DisputeView } from '../money.schemas.ts'

export function disputeView(dispute: Dispute): DisputeView {
  const { id, providerDisputeId, reason, status, isInquiry, amountCents, currency, hasEvidence, openedAt } = dispute
  const dueBy = dispute.dueBy ?? null
  return { id, providerDisputeId, reason, status, isInquiry, amountCents, currency, dueBy, hasEvidence, openedAt }
}
