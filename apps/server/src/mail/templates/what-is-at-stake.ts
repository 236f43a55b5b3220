import { formatMinute } from '../format.ts'
import type { InvoiceProps } from '../mail.queues.ts'

/** What happens to the customer's access if an invoice stays unpaid. */
export function whatIsAtStake({ accessUntil }: InvoiceProps): string {
  if (accessUntil) return `Without a payment, your access ends on ${formatMinute(accessUntil)}.`
  if (accessUntil === null) return "You don't have access until the invoice is paid."
  return 'If no payment goes through, your access will end.'
}
