import { serializePlan, serializePrice } from '../resources/price.ts'
import { taxRates } from '../resources/tax-rate.ts'
import type { Account } from '../state/account.ts'
import { onlyDiscount } from './basil-subscriptions.ts'
import { hashes, idIn, isHash, type Json, type VersionChange } from './version-change.ts'

const numberIn = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** Taxes in the form that they had before `taxes` and `total_taxes`. */
function taxAmounts(taxes: unknown): Json[] {
  return hashes(taxes).map(({ amount, tax_behavior, tax_rate_details, taxability_reason, taxable_amount }) => ({
    amount,
    inclusive: tax_behavior === 'inclusive',
    tax_rate: isHash(tax_rate_details) ? tax_rate_details['tax_rate'] : null,
    taxability_reason,
    taxable_amount,
  }))
}

const sumOf = (taxes: readonly Json[]): number => taxes.reduce((sum, { amount }) => sum + numberIn(amount), 0)

/** What an invoice's payment is, and its last charge. A draft has none. */
function paymentOf(account: Account, invoice: Json): { payment_intent: string | null; charge: string | null } {
  if (invoice['status'] === 'draft' || typeof invoice['id'] !== 'string') return { payment_intent: null, charge: null }
  const payments = account.invoicePayments.by('invoice', invoice['id']).filter((payment) => payment.is_default)
  const id = (payments.find(({ status }) => status !== 'canceled') ?? payments.at(-1))?.payment_intent ?? null
  return { payment_intent: id, charge: id === null ? null : account.paymentIntents.get(id).latest_charge }
}

/** What an invoice or an invoice item is for. */
const subscriptionOf = (parent: unknown): Json | null => {
  const details = isHash(parent) ? parent['subscription_details'] : null
  return isHash(details) ? details : null
}

/**
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/add-support-for-multiple-partial-payments-on-invoices
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/adds-new-parent-field-to-invoicing-objects
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/invoice-tax-configurations
 */
export const invoicesGetSeveralPayments: VersionChange = {
  since: '2025-03-31.basil',
  objects: {
    invoice(invoice, account) {
      const { parent, total_taxes, ...rest } = invoice
      const details = subscriptionOf(parent)
      const total_tax_amounts = taxAmounts(total_taxes)
      return {
        ...rest,
        ...paymentOf(account, invoice),
        application_fee_amount: null,
        discount: onlyDiscount(account, invoice['discounts']),
        paid: invoice['status'] === 'paid',
        paid_out_of_band: invoice['status'] === 'paid' && numberIn(invoice['amount_paid_off_stripe']) > 0,
        quote: null,
        subscription: details?.['subscription'] ?? null,
        subscription_details: { metadata: details?.['metadata'] ?? null },
        ...(details?.['subscription_proration_date'] !== undefined && {
          subscription_proration_date: details['subscription_proration_date'],
        }),
        tax: total_tax_amounts.length === 0 ? null : sumOf(total_tax_amounts),
        total_tax_amounts,
        transfer_data: null,
      }
    },
    charge: (charge, account) => {
      const intent = account.paymentIntents.find(idIn(charge['payment_intent']) ?? '')
      return { ...charge, invoice: intent?.invoice ?? null }
    },
    payment_intent: (intent, account) => ({
      ...intent,
      invoice: account.paymentIntents.find(idIn(intent) ?? '')?.invoice ?? null,
    }),
  },
  references: {
    charge: { invoice: 'invoice' },
    invoice: {
      charge: 'charge',
      payment_intent: 'payment_intent',
      subscription: 'subscription',
      'total_tax_amounts.tax_rate': 'tax_rate',
    },
    payment_intent: { invoice: 'invoice' },
  },
}

/** The price that `pricing` names, and its plan if it is recurring. */
function priceIn(pricing: unknown, account: Account): { price: unknown; plan: unknown } {
  const details = isHash(pricing) ? pricing['price_details'] : null
  const row = isHash(details) ? account.prices.find(idIn(details['price']) ?? '') : undefined
  if (!row) return { price: null, plan: null }
  return { price: serializePrice(row), plan: row.recurring ? serializePlan(row) : null }
}

/**
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/adds-new-parent-field-to-invoicing-objects
 * @see https://docs.stripe.com/changelog/basil/2025-03-31/invoice-pricing-configurations
 */
export const linesGetParentsAndPricing: VersionChange = {
  since: '2025-03-31.basil',
  objects: {
    line_item(line, account) {
      const { parent, pricing, quantity_decimal: _quantity, subtotal: _subtotal, taxes, ...rest } = line
      const details = isHash(parent) ? (parent['subscription_item_details'] ?? parent['invoice_item_details']) : null
      const { invoice_item, proration, proration_details, subscription_item } = isHash(details) ? details : {}
      const tax_amounts = taxAmounts(taxes)
      const withoutTax = withoutInclusive(line, tax_amounts)
      return {
        ...rest,
        amount_excluding_tax: withoutTax,
        ...(typeof invoice_item === 'string' && { invoice_item }),
        ...priceIn(pricing, account),
        proration: proration ?? false,
        proration_details: proration_details ?? { credited_items: null },
        ...(typeof subscription_item === 'string' && { subscription_item }),
        tax_amounts,
        tax_rates: taxRates(account, ratesOf(account, line)),
        type:
          typeof subscription_item === 'string' && typeof invoice_item !== 'string' ? 'subscription' : 'invoiceitem',
        unit_amount_excluding_tax: perUnit(withoutTax, line['quantity']),
      }
    },
    invoiceitem(item, account) {
      const { net_amount: _net, parent, pricing, proration_details: _proration, quantity_decimal: _all, ...rest } = item
      const { subscription = null, subscription_item } = subscriptionOf(parent) ?? {}
      const each = isHash(pricing)
        ? pricing['unit_amount_decimal']
        : perUnit(numberIn(item['amount']), item['quantity'])
      return {
        ...rest,
        ...priceIn(pricing, account),
        subscription,
        ...(subscription_item !== undefined && { subscription_item }),
        unit_amount: each === null ? null : Math.trunc(Number(each)),
        unit_amount_decimal: each,
      }
    },
  },
  params: [
    {
      routes: /^POST \/v1\/invoiceitems(?:\/\{\})?$/,
      upgrade({ price, unit_amount, ...params }) {
        if (price !== undefined) return { ...params, pricing: { price } }
        if (typeof unit_amount !== 'string') return params
        return { ...params, amount: String(Number(unit_amount) * Number(params['quantity'] ?? 1)) }
      },
    },
    {
      routes: /^POST \/v1\/invoices\/\{\}\/lines\/\{\}$/,
      upgrade: ({ price, ...params }) => (price === undefined ? params : { ...params, pricing: { price } }),
    },
    {
      routes: /^POST \/v1\/invoices\/\{\}\/(?:add|update)_lines$/,
      upgrade({ lines, ...params }) {
        if (!Array.isArray(lines)) return lines === undefined ? params : { ...params, lines }
        return {
          ...params,
          lines: lines.map((line: unknown) => {
            if (!isHash(line) || line['price'] === undefined) return line
            const { price, ...rest } = line
            return { ...rest, pricing: { price } }
          }),
        }
      },
    },
  ],
  references: {
    invoiceitem: { subscription: 'subscription' },
    line_item: { invoice_item: 'invoice_item', subscription: 'subscription', 'tax_amounts.tax_rate': 'tax_rate' },
  },
}

/** An amount without the inclusive taxes in it. The taxes are on what discounts left of it. */
function withoutInclusive({ amount }: Json, taxes: readonly Json[]): number {
  const inclusive = sumOf(taxes.filter((tax) => tax['inclusive']))
  const net = numberIn(taxes[0]?.['taxable_amount']) + inclusive
  return inclusive === 0 || net === 0
    ? numberIn(amount)
    : numberIn(amount) - Math.round((numberIn(amount) * inclusive) / net)
}

/** The tax rates that a line itself has. A preview's lines are gone, so all of their rates count. */
function ratesOf(account: Account, { id, invoice, taxes }: Json): string[] {
  const row = account.invoices.find(idIn(invoice) ?? '')?.lines.find((line) => line.id === id)
  if (row) return row.tax_rates
  return taxAmounts(taxes)
    .flatMap(({ tax_rate }) => idIn(tax_rate) ?? [])
    .filter((rate) => account.taxRates.has(rate))
}

function perUnit(amount: number, quantity: unknown): string {
  return String(numberIn(quantity) === 0 ? 0 : amount / numberIn(quantity))
}

/** @see https://docs.stripe.com/changelog/basil, node_modules/stripe/CHANGELOG.md, 18.0.0 */
export const creditNotesGetSeveralRefunds: VersionChange = {
  since: '2025-03-31.basil',
  objects: {
    credit_note({ refunds, total_taxes, pre_payment_amount: _pre, post_payment_amount: _post, ...note }) {
      const [first, ...others] = hashes(refunds)
      return {
        ...note,
        refund: first && others.length === 0 ? idIn(first['refund']) : null,
        tax_amounts: taxAmounts(total_taxes),
      }
    },
    credit_note_line_item({ taxes, ...line }) {
      const tax_amounts = taxAmounts(taxes)
      const amount_excluding_tax = withoutInclusive(line, tax_amounts)
      const unit_amount_excluding_tax = perUnit(amount_excluding_tax, line['quantity'] ?? 1)
      return { ...line, amount_excluding_tax, tax_amounts, unit_amount_excluding_tax }
    },
  },
  params: [
    {
      routes: /^(?:POST|GET) \/v1\/credit_notes(?:\/preview(?:\/lines)?)?$/,
      upgrade: ({ refund, ...params }) => (refund === undefined ? params : { ...params, refunds: [{ refund }] }),
    },
  ],
  references: { credit_note: { refund: 'refund' } },
}
