import { amountsOf } from '../amounts/invoice-amounts.ts'
import { formatMoney } from '../money.ts'
import { amountDueOf } from '../resources/invoice.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import { formatDate } from '../time.ts'
import { writePdf, type PdfText } from './pdf.ts'

/** How many lines fit on the page. */
const MAX_LINES = 30
const [LEFT, RIGHT] = [50, 545]

/** An invoice to keep: its number, who pays, what was bought, and the total. */
export function invoicePdf(account: Account, invoice: InvoiceRow): Buffer {
  const money = (amount: number): string => formatMoney(amount, invoice.currency)
  const { email, name } = account.customers.get(invoice.customer)
  const { finalized_at, paid_at } = invoice.status_transitions
  const amounts = amountsOf(account, invoice)
  const discount = amounts.discounts.reduce((sum, { amount }) => sum + amount, 0)
  const granted = (invoice.credits ?? []).reduce((sum, { amount }) => sum + amount, 0)
  const due = amountDueOf(account, invoice)
  const entries: [string, string][] = [
    ...invoice.lines.slice(0, MAX_LINES).map((line): [string, string] => [line.description, money(line.amount)]),
    ...(discount > 0 ? [['Discount', money(-discount)] satisfies [string, string]] : []),
    ...(granted > 0 ? [['Credit grant applied', money(-granted)] satisfies [string, string]] : []),
    ...(amounts.shipping > 0 ? [['Shipping', money(amounts.shipping)] satisfies [string, string]] : []),
    ...amounts.taxes.map((tax): [string, string] => [`Tax ${tax.percentage} %`, money(tax.amount)]),
  ]
  const end = 230 + entries.length * 18
  const texts: PdfText[] = [
    { x: LEFT, y: 70, text: `Invoice ${invoice.number ?? ''}`, size: 18, bold: true },
    { x: LEFT, y: 95, text: `${account.settings.merchantName}. Test mode: no real money.` },
    { x: LEFT, y: 130, text: `Issued   ${formatDate(invoice.effective_at ?? finalized_at ?? invoice.created)}` },
    { x: LEFT, y: 146, text: `Bill to  ${[name, email ?? invoice.customer].filter(Boolean).join(', ')}` },
    { x: LEFT, y: 162, text: paid_at === null ? `Status   ${invoice.status}` : `Paid on  ${formatDate(paid_at)}` },
    { x: LEFT, y: 200, text: 'Description', bold: true },
    { x: RIGHT, y: 200, text: 'Amount', bold: true, alignRight: true },
    ...entries.flatMap(([what, amount], index): PdfText[] => [
      { x: LEFT, y: 224 + index * 18, text: what.slice(0, 64) },
      { x: RIGHT, y: 224 + index * 18, text: amount, alignRight: true },
    ]),
    { x: LEFT, y: end + 12, text: 'Total', bold: true },
    { x: RIGHT, y: end + 12, text: money(amounts.total), bold: true, alignRight: true },
    { x: LEFT, y: end + 30, text: invoice.status === 'paid' ? 'Amount paid' : 'Amount due', bold: true },
    { x: RIGHT, y: end + 30, text: money(due), bold: true, alignRight: true },
  ]
  return writePdf(`Invoice ${invoice.number ?? ''}`, texts, [207, end - 6])
}
