import type { CallbackRow, SubscriptionRow, TransactionRow } from '../state/rows.ts'
import { html, type Html } from './html.ts'

/** The color of a tag, which only repeats what the text says. */
type Tone = 'good' | 'bad' | 'warn' | 'blue' | 'calm'

export function tag(text: string, tone: Tone): Html {
  return html`<span class="tag ${tone}">${text}</span>`
}

const STATES: Readonly<Record<SubscriptionRow['state'], Tone>> = { active: 'good', suspended: 'warn', canceled: 'calm' }

export function stateTag({ state }: SubscriptionRow): Html {
  return tag(state, STATES[state])
}

export function transactionTag(row: TransactionRow): Html {
  if (row.kind !== 'payment') return tag(row.kind, 'blue')
  if (!row.success) return tag(row.message, 'bad')
  if (row.isVoided) return tag('voided', 'calm')
  if (row.refundedCents > 0) return tag(row.refundedCents < row.amountCents ? 'partly refunded' : 'refunded', 'blue')
  return row.isAuth && row.capturedCents === 0 ? tag('reserved', 'warn') : tag('paid', 'good')
}

const STATUSES: Readonly<Record<CallbackRow['status'], Tone>> = {
  pending: 'warn',
  delivered: 'good',
  failed: 'bad',
  dropped: 'bad',
}

export function statusTag({ status, responseStatus }: CallbackRow): Html {
  return tag(responseStatus === null ? status : `${status}, ${responseStatus}`, STATUSES[status])
}
