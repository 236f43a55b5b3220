import { newId } from '../ids.ts'
import { formatMoney, prorate, toStep } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { InvoiceItemRow, InvoiceLine } from '../state/rows/invoice.ts'
import type { Debit, ItemRow, SubscriptionRow } from '../state/rows/subscription.ts'
import { formatDate } from '../time.ts'

type Span = Pick<Debit, 'start' | 'end'>

/** An item's recurring line for a full period. */
export function periodLine(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  { trial }: { trial: boolean },
): InvoiceLine {
  const price = account.prices.get(item.price)
  const { name } = account.products.get(price.product)
  return {
    ...lineOf(account, subscription, item, { start: item.current_period_start, end: item.current_period_end }),
    amount: trial ? 0 : price.unit_amount * item.quantity,
    description: trial
      ? `Trial period for ${name}`
      : `${item.quantity} × ${name} (at ${formatMoney(price.unit_amount, price.currency)} / ${every(price)})`,
  }
}

/**
 * A period's line up to the cancellation that is scheduled within it; null if there is none. Nothing is credited when
 * it comes.
 *
 * @see node_modules/stripe/esm/resources/Subscriptions.d.ts, `SubscriptionUpdateParams.cancel_at`
 */
export function untilCancellation({ cancel_at, currency }: SubscriptionRow, line: InvoiceLine): InvoiceLine | null {
  const { start, end } = line.period
  if (cancel_at === null || cancel_at <= start || cancel_at >= end) return null
  return {
    ...line,
    amount: toStep(prorate(line.amount, cancel_at - start, end - start), currency),
    period: { start, end: cancel_at },
    proration: true,
  }
}

/** What an item was billed for its period by a line; without one, nothing. */
export function debitOf(item: ItemRow, line: InvoiceLine | undefined): Debit {
  return {
    amount: line?.amount ?? 0,
    start: item.current_period_start,
    end: line?.proration ? line.period.end : item.current_period_end,
  }
}

/** Credit for an item's unused time from `at` on; null if there is nothing to credit. */
export function unusedLine(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  at: number,
): InvoiceLine | null {
  const debit = subscription.billing_mode === 'flexible' ? item.debit : fullDebit(account, item)
  if (!debit || debit.amount === 0 || at >= debit.end) return null
  const share = prorate(debit.amount, debit.end - Math.max(at, debit.start), debit.end - debit.start)
  const credit = toStep(share, subscription.currency)
  if (credit === 0) return null
  return {
    ...lineOf(account, subscription, item, { start: at, end: debit.end }),
    amount: -credit,
    description: `Unused time on ${naming(account, item)} after ${formatDate(at)}`,
    proration: true,
  }
}

/** The charge for the rest of the current period on an item's new terms, from `at` on. */
export function remainingLine(account: Account, subscription: SubscriptionRow, item: ItemRow, at: number): InvoiceLine {
  const { unit_amount } = account.prices.get(item.price)
  const { current_period_start: start, current_period_end: end } = item
  return {
    ...lineOf(account, subscription, item, { start: at, end }),
    amount: toStep(prorate(unit_amount * item.quantity, end - at, end - start), subscription.currency),
    description: `Remaining time on ${naming(account, item)} after ${formatDate(at)}`,
    proration: true,
  }
}

/** A pending invoice item as an invoice line. */
export function lineOfInvoiceItem(account: Account, item: InvoiceItemRow): InvoiceLine {
  return {
    id: newId('il'),
    amount: item.amount,
    description: item.description,
    metadata: item.metadata,
    period: item.period,
    price: item.price,
    product: item.price === null ? null : account.prices.get(item.price).product,
    quantity: item.quantity,
    proration: item.proration,
    subscription: item.subscription,
    subscription_item: item.subscription_item,
    invoice_item: item.id,
  }
}

/** The cost of a full period on the item's current terms, from which classic billing mode credits unused time. */
function fullDebit(account: Account, item: ItemRow): Debit | null {
  if (!item.debit || item.debit.amount === 0) return null
  return {
    amount: account.prices.get(item.price).unit_amount * item.quantity,
    start: item.current_period_start,
    end: item.current_period_end,
  }
}

function lineOf(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  period: Span,
): Omit<InvoiceLine, 'amount' | 'description'> {
  return {
    id: newId('il'),
    metadata: subscription.metadata,
    period,
    price: item.price,
    product: account.prices.get(item.price).product,
    quantity: item.quantity,
    proration: false,
    subscription: subscription.id,
    subscription_item: item.id,
    invoice_item: null,
  }
}

function naming(account: Account, item: ItemRow): string {
  const { name } = account.products.get(account.prices.get(item.price).product)
  return item.quantity === 1 ? name : `${item.quantity} × ${name}`
}

function every({ recurring }: PriceRow): string {
  if (!recurring) return 'unit'
  return recurring.interval_count === 1
    ? recurring.interval
    : `every ${recurring.interval_count} ${recurring.interval}s`
}
