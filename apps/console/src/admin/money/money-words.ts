import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { formatDay } from '../../words/dates.ts'
import type { Tone } from '../../words/tone.ts'
import { t } from '../texts/catalogue.ts'

export type Subscription = RouterOutputs['admin']['subscriptions']['list']['items'][number]
export type SubscriptionDetails = RouterOutputs['admin']['subscriptions']['get']
export type Payment = RouterOutputs['admin']['payments']['list']['items'][number]
export type Dispute = RouterOutputs['admin']['disputes']['list']['items'][number]

export const REASON_TONES: Record<Subscription['accessReason'], Tone> = {
  active: 'good',
  trialing: 'good',
  ending: 'calm',
  past_due_grace: 'warning',
  past_due: 'bad',
  pending: 'calm',
  unpaid: 'bad',
  paused: 'calm',
  ended: 'calm',
}

export const PAYMENT_TONES: Record<Payment['status'], Tone> = {
  pending: 'calm',
  requires_action: 'warning',
  succeeded: 'good',
  failed: 'bad',
  canceled: 'calm',
  uncollectible: 'bad',
  partially_refunded: 'calm',
  refunded: 'calm',
  disputed: 'warning',
}

export const DISPUTE_TONES: Record<Dispute['status'], Tone> = {
  needs_response: 'bad',
  under_review: 'warning',
  won: 'good',
  lost: 'bad',
  closed: 'calm',
}

/** What happens to a subscription next, in a few words. */
export function whatIsNext(subscription: Omit<Subscription, 'user' | 'account'>): string {
  const { status, endedAt, currentPeriodEnd, cancelAt, scheduledChange, provider, accessUntil } = subscription
  const words = t.money.subscriptions
  if (status === 'canceled') return words.ended(formatDay(endedAt ?? currentPeriodEnd))
  if (status === 'past_due' || status === 'unpaid')
    return accessUntil ? words.accessEnds(formatDay(accessUntil)) : words.paymentDue
  if (cancelAt) return words.ends(formatDay(cancelAt))
  if (provider === 'manual') return words.ends(formatDay(currentPeriodEnd))
  if (scheduledChange) return words.changes(scheduledChange.plan.name, formatDay(scheduledChange.at))
  return (status === 'trialing' ? words.trialEnds : words.renews)(formatDay(currentPeriodEnd))
}

/** The name of an organization, or the address of a person. */
export const ownerName = ({ account, user }: Pick<Subscription, 'account' | 'user'>): string =>
  account.kind === 'organization' ? account.name : user.email

/** A dispute's reason in words, or Stripe's own word for it. */
export const disputeReason = (reason: string): string => t.money.disputes.reasons[reason] ?? reason.replaceAll('_', ' ')

/** The choices of a filter, from a table of texts. */
export const choicesOf = <Value extends string>(labels: Readonly<Record<Value, string>>) =>
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table
  (Object.keys(labels) as Value[]).map((value) => ({ value, label: labels[value] }))

/** `kept of paid`, such as `$12.00`, for a payment that was partly refunded. */
export const keptOf = ({
  amountCents,
  refundedCents,
  currency,
}: Pick<Payment, 'amountCents' | 'refundedCents' | 'currency'>) => formatMoney(amountCents - refundedCents, currency)
