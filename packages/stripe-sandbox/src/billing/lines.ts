import { netAmounts } from '../amounts/invoice-amounts.ts'
import { priceParts, type PricePart } from '../amounts/price-parts.ts'
import { usageOf } from '../amounts/usage.ts'
import { discountsFor, inEffect } from '../discounts/in-effect.ts'
import { newId } from '../ids.ts'
import { formatMoney, formatUnitAmount, prorateIn } from '../money.ts'
import type { Account } from '../state/account.ts'
import { priceIn } from '../state/price-in.ts'
import type { PriceRow, ProductRow } from '../state/rows/catalogue.ts'
import type { InvoiceItemRow, InvoiceLine, ItemTerms } from '../state/rows/invoice.ts'
import type { Debit, ItemRow, SubscriptionRow } from '../state/rows/subscription.ts'
import { computeAutomaticTax, ratesOfLine } from '../taxes/automatic-tax.ts'
import { formatDate } from '../time.ts'

type Span = Pick<Debit, 'start' | 'end'>

/**
 * An item's recurring lines for a full period. A tiered price has a line for the units of each tier that is used, and
 * one for its flat amount.
 */
export function periodLines(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  { trial }: { trial: boolean },
): InvoiceLine[] {
  const price = priceIn(account, item.price, subscription.currency)
  const product = account.products.get(price.product)
  const period = { start: item.current_period_start, end: item.current_period_end }
  // A metered item is billed when its period is over. Flexible billing has no line for it before.
  if (price.meter !== null && subscription.billing_mode === 'flexible') return []
  if (trial || price.meter !== null) {
    const description = trial ? `Trial period for ${product.name}` : product.name
    return [{ ...lineOf(account, subscription, item, period), amount: 0, description }]
  }
  return priceParts(price, item.quantity).map((part) => ({
    ...lineOf(account, subscription, item, period),
    amount: part.amount,
    description: describe(price, product, part),
    quantity: part.quantity,
    ...((part.tier !== null || price.unit_amount === null || price.transform_quantity) && {
      unit_amount_decimal: part.unit,
    }),
  }))
}

/**
 * The lines for what a metered item has used in its period before `until`. They cost nothing if its usage is negative.
 *
 * @returns no lines for a licensed item.
 */
export function usageLines(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  until: number,
): InvoiceLine[] {
  const price = priceIn(account, item.price, subscription.currency)
  if (price.meter === null || subscription.status === 'trialing') return []
  const product = account.products.get(price.product)
  const period = { start: item.usageFrom ?? item.current_period_start, end: until }
  const used = Math.max(0, usageOf(account, price.meter, { customer: subscription.customer, ...period }))
  return priceParts(price, used).map((part) => ({
    ...lineOf(account, subscription, item, period),
    amount: part.amount,
    description: describe(price, product, part),
    quantity: part.quantity,
    unit_amount_decimal: part.unit,
  }))
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
    amount: prorateIn(currency, line.amount, cancel_at - start, end - start),
    period: { start, end: cancel_at },
    proration: true,
  }
}

/**
 * What an item was billed for its period by those of the lines that are its own. `nets` is what discounts left of each
 * line.
 */
export function debitOf(
  account: Account,
  subscription: SubscriptionRow,
  item: ItemRow,
  lines: readonly InvoiceLine[],
  nets: readonly number[],
): Debit {
  const first = lines.find((line) => line.subscription_item === item.id)
  return {
    amount: netOf(item, lines, nets),
    tax_rates: billedRates(account, subscription, item),
    start: item.current_period_start,
    end: first?.proration ? first.period.end : item.current_period_end,
  }
}

/** The tax rates that an item is billed with now. Credit for unused time will have them, too. */
export function billedRates(account: Account, subscription: SubscriptionRow, item: ItemRow): readonly string[] {
  const { automatic_tax, currency, customer, default_tax_rates } = subscription
  if (automatic_tax !== 'enabled') return item.tax_rates.length > 0 ? item.tax_rates : default_tax_rates
  const { product } = account.prices.get(item.price)
  return ratesOfLine(account, computeAutomaticTax(account, customer), { price: item.price, product, currency })
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
  const unused = debit.end - Math.max(at, debit.start)
  const credit = prorateIn(subscription.currency, debit.amount, unused, debit.end - debit.start)
  if (credit === 0) return null
  return {
    ...lineOf(account, subscription, item, { start: at, end: debit.end }),
    amount: -credit,
    description: `Unused time on ${naming(account, item)} after ${formatDate(at)}`,
    proration: true,
    discountable: false,
    discounts: [],
    ...(debit.tax_rates && { credited_tax_rates: debit.tax_rates }),
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
    amount: prorateIn(subscription.currency, netPrice(account, subscription, item), end - at, end - start),
    description: `Remaining time on ${naming(account, item)} after ${formatDate(at)}`,
    proration: true,
    discountable: false,
    discounts: [],
    included_discounts: [...inEffect(account, item.discounts, at), ...discountsFor(account, subscription, at)],
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
    ...termsOf(item),
    proration: item.proration,
    subscription: item.subscription,
    subscription_item: item.subscription_item,
    invoice_item: item.id,
    discountable: item.discountable,
    discounts: item.discounts,
    included_discounts: item.included_discounts,
    tax_rates: item.tax_rates,
    ...(item.credited_tax_rates && { credited_tax_rates: item.credited_tax_rates }),
  }
}

/** The terms of an invoice item, as its line has them. */
const termsOf = ({ quantity_decimal, tax_behavior, tax_code }: ItemTerms): ItemTerms => ({
  ...(quantity_decimal !== undefined && { quantity_decimal }),
  ...(tax_behavior !== undefined && { tax_behavior }),
  ...(tax_code !== undefined && { tax_code }),
})

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
  const { currency, customer, items } = subscription
  const now = account.nowOf(customer)
  const lines = items.flatMap((each) => periodLines(account, subscription, each, { trial: false }))
  return netOf(
    item,
    lines,
    netAmounts(account, { lines, discounts: discountsFor(account, subscription, now), currency }),
  )
}

function netOf(item: ItemRow, lines: readonly InvoiceLine[], nets: readonly number[]): number {
  return lines.reduce((sum, line, index) => sum + (line.subscription_item === item.id ? (nets[index] ?? 0) : 0), 0)
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

function describe(
  price: PriceRow,
  { name, unit_label }: ProductRow,
  { amount, quantity, tier, unit }: PricePart,
): string {
  const per = price.transform_quantity === null ? '' : ` per ${price.transform_quantity.divide_by}`
  const units = unit === null ? name : `${quantity} ${unit_label === null ? '' : `${unit_label} `}× ${name}`
  const each = unit === null ? formatMoney(amount, price.currency) : formatUnitAmount(unit, price.currency)
  return `${units} (${tier === null ? '' : `Tier ${tier} `}at ${each}${per} / ${every(price)})`
}

function every({ recurring }: PriceRow): string {
  if (!recurring) return 'unit'
  return recurring.interval_count === 1
    ? recurring.interval
    : `every ${recurring.interval_count} ${recurring.interval}s`
}
