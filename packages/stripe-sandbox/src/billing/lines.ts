import { netAmounts } from '../amounts/invoice-amounts.ts'
import { inEffect } from '../discounts/in-effect.ts'
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

/** What an item was billed for its period by a line; without one, nothing. `net` is what discounts left of it. */
export function debitOf(item: ItemRow, line: InvoiceLine | undefined, net = line?.amount ?? 0): Debit {
  return {
    amount: net,
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
  const debit = subscription.billing_mode === 'flexible' ? item.debit : fullDebit(account, subscription, item)
  if (!debit || debit.amount === 0 || at >= debit.end) return null
  const share = prorate(debit.amount, debit.end - Math.max(at, debit.start), debit.end - debit.start)
  const credit = toStep(share, subscription.currency)
  if (credit === 0) return null
  return {
    ...lineOf(account, subscription, item, { start: at, end: debit.end }),
    amount: -credit,
    description: `Unused time on ${naming(account, item)} after ${formatDate(at)}`,
    proration: true,
    discountable: false,
    discounts: [],
  }
}

/**
 * The charge for the rest of the current period on an item's new terms, from `at` on. Its amount is that after
 * discounts, as with `proration_discounts: 'included'`. `subscription` has all new items and discounts.
 */
export function remainingLine(account: Account, subscription: SubscriptionRow, item: ItemRow, at: number): InvoiceLine {
  const { current_period_start: start, current_period_end: end } = item
  return {
    ...lineOf(account, subscription, item, { start: at, end }),
    amount: toStep(prorate(netPrice(account, subscription, item), end - at, end - start), subscription.currency),
    description: `Remaining time on ${naming(account, item)} after ${formatDate(at)}`,
    proration: true,
    discountable: false,
    discounts: [],
    included_discounts: inEffect(account, [...item.discounts, ...subscription.discounts], at),
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
    discountable: item.discountable,
    discounts: item.discounts,
    included_discounts: item.included_discounts,
    tax_rates: item.tax_rates,
  }
}

/** The cost of a full period on the item's current terms, from which classic billing mode credits unused time. */
function fullDebit(account: Account, subscription: SubscriptionRow, item: ItemRow): Debit | null {
  if (!item.debit || item.debit.amount === 0) return null
  return {
    amount: netPrice(account, subscription, item),
    start: item.current_period_start,
    end: item.current_period_end,
  }
}

/** What an item costs for a full period, after the discounts that are in effect now. */
function netPrice(account: Account, subscription: SubscriptionRow, item: ItemRow): number {
  const { currency, customer, discounts, items } = subscription
  const now = account.nowOf(customer)
  const lines = items.map((each) => periodLine(account, subscription, each, { trial: false }))
  const nets = netAmounts(account, { lines, discounts: inEffect(account, discounts, now), currency })
  return nets[items.findIndex(({ id }) => id === item.id)] ?? 0
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
    discountable: true,
    discounts: inEffect(account, item.discounts, account.nowOf(subscription.customer)),
    included_discounts: [],
    tax_rates: item.tax_rates,
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
