import type { RouterOutputs } from '@tollgate/client'
import type { Tone } from './tone.ts'

export type Payment = RouterOutputs['billing']['payments']['list']['items'][number]

const STATUSES: Record<Payment['status'], { label: string; tone: Tone }> = {
  succeeded: { label: 'Paid', tone: 'good' },
  pending: { label: 'Processing', tone: 'calm' },
  requires_action: { label: 'Needs your approval', tone: 'warning' },
  failed: { label: 'Failed', tone: 'bad' },
  uncollectible: { label: 'Uncollectible', tone: 'bad' },
  canceled: { label: 'Canceled', tone: 'calm' },
  partially_refunded: { label: 'Partially refunded', tone: 'calm' },
  refunded: { label: 'Refunded', tone: 'calm' },
  disputed: { label: 'Disputed', tone: 'warning' },
}

/** The status of a payment in a word or two. */
export function describePayment({ status }: Pick<Payment, 'status'>): { label: string; tone: Tone } {
  return STATUSES[status]
}

/** Whether the user still has to pay it, on its invoice. */
export function isOwed({ status }: Payment): boolean {
  return status === 'failed' || status === 'requires_action'
}
