import type { Account } from '../state/account.ts'
import type { InvoiceLine, InvoiceRow } from '../state/rows/invoice.ts'
import { usageLines } from './lines.ts'

/**
 * Adds the usage to a renewal's draft that was reported for its period after it was made.
 *
 * @see https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api
 */
export function withLateUsage(account: Account, draft: InvoiceRow): InvoiceRow {
  const { billing_reason, period_end, subscription } = draft
  if (billing_reason !== 'subscription_cycle' || subscription === null) return draft
  const isUsage = ({ invoice_item, period, price, subscription_item }: InvoiceLine): boolean =>
    price !== null &&
    subscription_item !== null &&
    invoice_item === null &&
    period.end <= period_end &&
    account.prices.get(price).meter !== null
  const used = draft.lines.filter(isUsage)
  if (used.length === 0) return draft
  const firsts = used.filter(
    (line) => used.find(({ subscription_item }) => subscription_item === line.subscription_item) === line,
  )
  const lines = draft.lines.flatMap((line) => {
    if (!used.includes(line)) return [line]
    return firsts.includes(line) ? countedAgain(account, subscription, line, used) : []
  })
  const sum = (all: readonly InvoiceLine[]): number => all.reduce((total, { quantity }) => total + quantity, 0)
  return sum(lines) === sum(draft.lines) ? draft : account.invoices.patch(draft.id, { lines })
}

/** The lines of one item's usage, as it is now. Lines that there were before keep their ids. */
function countedAgain(
  account: Account,
  subscription: string,
  first: InvoiceLine,
  used: readonly InvoiceLine[],
): InvoiceLine[] {
  const before = used.filter(({ subscription_item }) => subscription_item === first.subscription_item)
  const { discounts, metadata, period, price, subscription_item, tax_rates } = first
  const item = {
    id: subscription_item ?? '',
    created: period.start,
    price: price ?? '',
    quantity: 0,
    metadata,
    current_period_start: period.start,
    current_period_end: period.end,
    debit: null,
    ...{ discounts, tax_rates },
  }
  // The status of the subscription may have changed since. What was used is charged all the same.
  const row = { ...account.subscriptions.get(subscription), status: 'active' as const }
  return usageLines(account, row, item, period.end).map((line, index) => ({
    ...line,
    id: before[index]?.id ?? line.id,
    metadata,
  }))
}
