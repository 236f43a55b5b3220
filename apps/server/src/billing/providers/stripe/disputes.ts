import type Stripe from 'stripe'
import { SECOND } from '../../../platform/durations.ts'
import type { ProviderDispute } from '../payment-provider.ts'

/** All disputes of a charge, newest first. A charge stays marked as disputed forever, whatever became of them. */
export async function fetchDisputes(stripe: Stripe, charge: string): Promise<ProviderDispute[]> {
  const { data } = await stripe.disputes.list({ charge, limit: 100 })
  return data.map(readDispute)
}

/** Stripe's dashboard; for a sandbox, its own list of disputed payments. */
export const disputePageOf = (
  { apiUrl, isLiveMode }: { apiUrl: string | undefined; isLiveMode: boolean },
  id: string,
): string =>
  apiUrl === undefined
    ? `https://dashboard.stripe.com/${isLiveMode ? '' : 'test/'}disputes/${encodeURIComponent(id)}`
    : new URL('/?tab=payments&status=disputed', apiUrl).href

export function readDispute({
  id,
  reason,
  status,
  amount,
  currency,
  created,
  evidence_details: evidence,
}: Stripe.Dispute): ProviderDispute {
  return {
    id,
    reason: reason.slice(0, 100),
    status: STATUSES.get(status) ?? 'under_review',
    isInquiry: status.startsWith('warning_'),
    amountCents: amount,
    currency,
    // Stripe has 0 where the bank allows no response.
    dueBy: evidence.due_by ? new Date(evidence.due_by * SECOND) : null,
    hasEvidence: evidence.submission_count > 0,
    openedAt: new Date(created * SECOND),
  }
}

/** Whether the money is at risk or lost. Every status counts that we don't know to be harmless. */
export const isAtRisk = ({ status }: ProviderDispute): boolean => status !== 'won' && status !== 'closed'

const STATUSES: ReadonlyMap<string, ProviderDispute['status']> = new Map([
  ['needs_response', 'needs_response'],
  ['warning_needs_response', 'needs_response'],
  ['under_review', 'under_review'],
  ['warning_under_review', 'under_review'],
  ['won', 'won'],
  ['lost', 'lost'],
  ['warning_closed', 'closed'],
  ['prevented', 'closed'],
])
