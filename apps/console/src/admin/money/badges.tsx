import { formatMoney } from '@tollgate/client'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import { t } from '../texts/catalogue.ts'
import {
  DISPUTE_TONES,
  PAYMENT_TONES,
  REASON_TONES,
  type Dispute,
  type Payment,
  type Subscription,
} from './money-words.ts'

export const AccessBadge = ({ accessReason }: Pick<Subscription, 'accessReason'>) => (
  <Badge tone={REASON_TONES[accessReason]} label={t.money.reasons[accessReason]} />
)

export const PaymentBadge = ({ status }: Pick<Payment, 'status'>) => (
  <Badge tone={PAYMENT_TONES[status]} label={t.money.payments.statuses[status]} />
)

export const DisputeBadge = ({ status, isInquiry }: Pick<Dispute, 'status' | 'isInquiry'>) => (
  <span className="badges">
    <Badge tone={DISPUTE_TONES[status]} label={t.money.disputes.statuses[status]} />
    {isInquiry && <Badge tone="calm" label={t.money.disputes.inquiry} />}
  </span>
)

/** An amount, and below it what was refunded of it. */
export function Amount({
  amountCents,
  refundedCents,
  currency,
}: Pick<Payment, 'amountCents' | 'refundedCents' | 'currency'>) {
  return (
    <span className="money-amount">
      {formatMoney(amountCents, currency)}
      {refundedCents > 0 && <small>−{formatMoney(refundedCents, currency)}</small>}
    </span>
  )
}

/** Whether evidence was given, and where that is done. */
export function Evidence({
  hasEvidence,
  providerUrl,
  status,
  of,
}: Pick<Dispute, 'hasEvidence' | 'providerUrl' | 'status'> & { of?: string }) {
  const words = t.money.disputes
  return (
    <span className="money-evidence">
      {hasEvidence ? words.submitted : words.notSubmitted}
      {providerUrl !== null && (
        <a href={providerUrl} target="_blank" rel="noreferrer">
          {status === 'needs_response' ? words.respond : words.look}
          {of !== undefined && <span className="visually-hidden"> {words.aboutWhom(of)}</span>}
        </a>
      )}
    </span>
  )
}

/** By when evidence counts, and how long that is, as the server counts it. */
export function Deadline({ dueBy, daysLeft: days, status }: Pick<Dispute, 'dueBy' | 'daysLeft' | 'status'>) {
  if (!dueBy || days === null) return t.money.any
  const isOpen = status === 'needs_response'
  return (
    <span className="money-amount" data-tone={isOpen && days < 3 ? 'bad' : undefined}>
      <Moment at={dueBy} />
      {isOpen && <small>{days < 0 ? t.money.disputes.overdue : t.money.disputes.daysLeft(days)}</small>}
    </span>
  )
}
