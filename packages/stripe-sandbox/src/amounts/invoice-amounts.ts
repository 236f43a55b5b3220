import type { Account } from '../state/account.ts'
import type { AppliedCredit, InvoiceLine, InvoiceRow } from '../state/rows/invoice.ts'
import { ratesOfLine } from '../taxes/automatic-tax.ts'
import { plannedCredits } from './billing-credits.ts'
import { discountLines, type DiscountAmount, type LineDiscounts, type Reduction } from './discount-lines.ts'
import { shippingAmounts } from './shipping-amounts.ts'
import { taxLine, type TaxAmount } from './tax-line.ts'

export interface LineAmounts extends LineDiscounts {
  /** The credit for metered prices that it has used, or that a draft would use now. */
  readonly credits: readonly AppliedCredit[]
  /** What is left after all discounts and credits. */
  readonly net: number
  readonly taxes: readonly TaxAmount[]
}

/** An invoice's amounts, all in the currency's smallest unit. */
export interface InvoiceAmounts {
  readonly lines: readonly LineAmounts[]
  /** After the lines' own discounts, before those of the invoice and before exclusive tax. */
  readonly subtotal: number
  readonly subtotalWithoutTax: number
  /** What shipping costs, without exclusive tax. */
  readonly shipping: number
  readonly discounts: readonly DiscountAmount[]
  readonly taxes: readonly TaxAmount[]
  readonly total: number
  readonly totalWithoutTax: number
}

type Billed = Pick<
  InvoiceRow,
  'lines' | 'discounts' | 'default_tax_rates' | 'currency' | 'automatic_tax' | 'shipping_rate' | 'credits'
> &
  Partial<Pick<InvoiceRow, 'customer' | 'period_end' | 'status' | 'subscription'>>

/** Computes what an invoice's lines cost after discounts, and their taxes. */
export function amountsOf(account: Account, invoice: Billed): InvoiceAmounts {
  const discounted = discountsOf(account, invoice)
  const owed = invoice.lines.map(
    (line, index) => line.amount - sumOf(discounted[index]?.own ?? []) - sumOf(discounted[index]?.shared ?? []),
  )
  const used = invoice.credits ?? (invoice.status === 'draft' ? plannedCredits(account, invoice, owed) : [])
  const lines = invoice.lines.map((line, index): LineAmounts => {
    const { own, shared } = discounted[index] ?? { own: [], shared: [] }
    const credits = used.filter((credit) => credit.line === line.id)
    const net = (owed[index] ?? 0) - sumOf(credits)
    return { own, shared, credits, net, taxes: taxesOf(account, invoice, line, net) }
  })
  const shipping = invoice.shipping_rate == null ? null : shippingAmounts(account, invoice.shipping_rate, invoice)
  const taxes = merge([...lines.flatMap((line) => line.taxes), ...(shipping?.taxes ?? [])])
  const subtotal = invoice.lines.reduce((sum, line, index) => sum + line.amount - sumOf(lines[index]?.own ?? []), 0)
  const net = lines.reduce((sum, line) => sum + line.net, 0) + (shipping?.subtotal ?? 0)
  const inclusive = sumOf(taxes.filter((tax) => tax.inclusive))
  const inclusiveBefore = invoice.lines.reduce((sum, line, index) => {
    const before = taxesOf(account, invoice, line, line.amount - sumOf(lines[index]?.own ?? []))
    return sum + sumOf(before.filter((tax) => tax.inclusive))
  }, 0)
  return {
    lines,
    subtotal,
    subtotalWithoutTax: subtotal - inclusiveBefore,
    shipping: shipping?.subtotal ?? 0,
    discounts: totals(lines.flatMap((line) => [...line.own, ...line.shared])),
    taxes,
    total: net + sumOf(taxes.filter((tax) => !tax.inclusive)),
    totalWithoutTax: net - inclusive,
  }
}

/** The total of an invoice: after discounts, with taxes. */
export function totalOf(account: Account, invoice: Billed): number {
  return amountsOf(account, invoice).total
}

/** What lines cost after the discounts of an invoice, without regard to taxes. */
export function netAmounts(
  account: Account,
  { lines, discounts, currency }: Omit<Billed, 'default_tax_rates'>,
): number[] {
  const discounted = discountsOf(account, { lines, discounts, currency })
  return lines.map(
    (line, index) => line.amount - sumOf(discounted[index]?.own ?? []) - sumOf(discounted[index]?.shared ?? []),
  )
}

function discountsOf(
  account: Account,
  { lines, discounts, currency }: Omit<Billed, 'default_tax_rates'>,
): LineDiscounts[] {
  if (discounts.length === 0 && lines.every((line) => line.discounts.length === 0))
    return lines.map(() => ({ own: [], shared: [] }))
  return discountLines(
    lines.map(({ amount, product, discountable, discounts: own }) => ({
      amount,
      product,
      discountable,
      own: reductions(account, own),
    })),
    reductions(account, discounts),
    currency,
  )
}

function reductions(account: Account, ids: readonly string[]): Reduction[] {
  return ids.map((id) => ({ id, terms: account.discounts.get(id).terms }))
}

/** The taxes of a line: those that the caller computed, or else those of its rates on what is left of its amount. */
function taxesOf(account: Account, invoice: Billed, line: InvoiceLine, net: number): readonly TaxAmount[] {
  if (line.tax_amounts === undefined) return taxLine(net, ratesOf(account, invoice, line), invoice.currency)
  return line.tax_amounts.map((tax) => {
    const { inclusive, percentage } = account.taxRates.get(tax.tax_rate)
    return { ...tax, inclusive, percentage }
  })
}

function ratesOf(account: Account, { automatic_tax, currency, default_tax_rates }: Billed, line: InvoiceLine) {
  const own = line.credited_tax_rates ?? (line.tax_rates.length > 0 ? line.tax_rates : default_tax_rates)
  const rates =
    automatic_tax && !automatic_tax.disabled && !line.credited_tax_rates
      ? ratesOfLine(account, automatic_tax, { ...line, currency })
      : own
  return rates.map((id) => account.taxRates.get(id))
}

function sumOf(amounts: readonly { readonly amount: number }[]): number {
  return amounts.reduce((sum, { amount }) => sum + amount, 0)
}

/** The sum per discount, in the order in which they were applied. */
function totals(amounts: readonly DiscountAmount[]): DiscountAmount[] {
  const sums = new Map<string, number>()
  for (const { discount, amount } of amounts) sums.set(discount, (sums.get(discount) ?? 0) + amount)
  return [...sums].map(([discount, amount]) => ({ discount, amount }))
}

/** The sum per tax rate. */
function merge(taxes: readonly TaxAmount[]): TaxAmount[] {
  const sums = new Map<string, TaxAmount>()
  for (const tax of taxes) {
    const before = sums.get(tax.tax_rate)
    sums.set(tax.tax_rate, {
      ...tax,
      amount: tax.amount + (before?.amount ?? 0),
      taxable_amount: tax.taxable_amount + (before?.taxable_amount ?? 0),
    })
  }
  return [...sums.values()]
}
