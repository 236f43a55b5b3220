import { formatMinute } from '../format.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import type { MailTexts } from '../texts/en.ts'

/** What happens to the customer's access if an invoice stays unpaid. */
export function whatIsAtStake(texts: MailTexts, { accessUntil }: InvoiceProps): string {
  if (accessUntil) return texts.payment.accessEnds(formatMinute(texts, accessUntil))
  return accessUntil === null ? texts.payment.noAccess : texts.payment.accessWillEnd
}
