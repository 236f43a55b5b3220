import { formatMoney } from '../../platform/money.ts'
import type { InvoiceProps } from '../mail.queues.ts'
import type { MailTexts } from '../texts/en.ts'

/** How an invoice was paid: by card, with credit, or not at all because discounts left nothing to pay. */
export function howItWasPaid(
  { payment, moneyLocale }: MailTexts,
  { amountCents, currency, isOverNothing }: InvoiceProps,
): string {
  if (amountCents > 0) return payment.received(formatMoney(amountCents, currency, moneyLocale))
  return isOverNothing ? payment.nothing : payment.byCredit
}
