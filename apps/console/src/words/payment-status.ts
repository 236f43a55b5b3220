import type { RouterOutputs } from '@tollgate/client'
import { t } from '../texts/catalogue.ts'
import type { Tone } from './tone.ts'

export type Payment = RouterOutputs['billing']['payments']['list']['items'][number]

const TONES: Record<Payment['status'], Tone> = {
  succeeded: 'good',
  pending: 'calm',
  requires_action: 'warning',
  failed: 'bad',
  uncollectible: 'bad',
  canceled: 'calm',
  partially_refunded: 'calm',
  refunded: 'calm',
  disputed: 'warning',
}

/** The status of a payment in a word or two. */
export function describePayment({ status }: Pick<Payment, 'status'>): { label: string; tone: Tone } {
  return { label: t.billing.payments.statuses[status], tone: TONES[status] }
}

/** Whether the user still has to pay it, on its invoice. */
export function isOwed({ status }: Payment): boolean {
  return status === 'failed' || status === 'requires_action'
}
