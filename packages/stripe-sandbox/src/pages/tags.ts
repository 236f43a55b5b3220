import type { InvoiceRow } from '../state/rows/invoice.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { html, type Html } from './html.ts'

/** The color of a tag, which only repeats what the text says. */
export type Tone = 'good' | 'bad' | 'warn' | 'blue' | 'calm'

export function tag(text: string, tone: Tone): Html {
  return html`<span class="tag ${tone}">${text}</span>`
}

const INVOICE: Readonly<Record<InvoiceRow['status'], readonly [string, Tone]>> = {
  draft: ['Draft', 'calm'],
  open: ['To be paid', 'warn'],
  paid: ['Paid', 'good'],
  uncollectible: ['Written off', 'bad'],
  void: ['Void', 'calm'],
}

export function invoiceTag({ status, attempted }: InvoiceRow): Html {
  const [text, tone] = INVOICE[status]
  return status === 'open' && attempted ? tag('Payment failed', 'bad') : tag(text, tone)
}

const SUBSCRIPTION: Readonly<Record<SubscriptionRow['status'], Tone>> = {
  incomplete: 'warn',
  incomplete_expired: 'calm',
  trialing: 'blue',
  active: 'good',
  past_due: 'bad',
  canceled: 'calm',
  unpaid: 'bad',
  paused: 'warn',
}

/** The tag of a subscription's status, by default with Stripe's own word. */
export function subscriptionTag({ status }: SubscriptionRow, text: string = status): Html {
  return tag(text, SUBSCRIPTION[status])
}
