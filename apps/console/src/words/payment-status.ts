import type { RouterOutputs } from '@tollgate/client'
import { formatMoney } from './money.ts'
import type { Tone } from './subscription-status.ts'

export type Payment = RouterOutputs['billing']['payments']['list']['items'][number]

const STATUSES: Record<Payment['status'], { label: string; tone: Tone }> = {
  succeeded: { label: 'Paid', tone: 'good' },
  pending: { label: 'On its way', tone: 'calm' },
  requires_action: { label: 'Needs your approval', tone: 'warning' },
  failed: { label: 'Failed', tone: 'bad' },
  uncollectible: { label: 'Given up', tone: 'bad' },
  canceled: { label: 'Canceled', tone: 'calm' },
  partially_refunded: { label: 'Partly refunded', tone: 'calm' },
  refunded: { label: 'Refunded', tone: 'calm' },
  disputed: { label: 'Disputed', tone: 'warning' },
}

/** How a payment stands, in a word or two. */
export function describePayment({ status, refundedCents, currency }: Payment): { label: string; tone: Tone } {
  const words = STATUSES[status]
  if (status !== 'partially_refunded') return words
  return { ...words, label: `${formatMoney(refundedCents, currency)} refunded` }
}
