import type Stripe from 'stripe'
import type { DiscountAmount } from '../amounts/discount-lines.ts'
import { amountsOf, totalOf, type LineAmounts } from '../amounts/invoice-amounts.ts'
import type { TaxAmount } from '../amounts/tax-line.ts'
import { emitUpdated } from '../events/emit.ts'
import { minimumCharge } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceLine, InvoicePaymentRow, InvoiceRow } from '../state/rows/invoice.ts'
import { embeddedList, type Wire } from '../wire.ts'
import { serializeShippingCost } from './shipping-rate.ts'
import { taxIdsOf } from './tax-id.ts'
import { taxRates } from './tax-rate.ts'

/**
 * Splits an invoice total and the customer's balance into the amount to charge now and the balance that remains.
 * Credit is used first and debt is collected, but a sum below the currency's minimum charge stays on the balance.
 *
 * @see node_modules/stripe/esm/resources/Invoices.d.ts, `Invoice.amount_due`
 */
export function applyBalance(total: number, balance: number, currency: string): { due: number; ending: number } {
  const owed = total + balance
  if (owed <= 0 || owed < minimumCharge(currency)) return { due: 0, ending: owed }
  return { due: owed, ending: 0 }
}

/** An invoice's amount due. A draft's follows the customer's balance. */
export function amountDueOf(account: Account, invoice: InvoiceRow): number {
  return (
    invoice.finalized_amount_due ??
    applyBalance(totalOf(account, invoice), account.customers.get(invoice.customer).balance, invoice.currency).due
  )
}

export function serializeInvoice(account: Account, row: InvoiceRow): Wire<Stripe.Invoice> {
  const {
    amount_paid_off_stripe,
    credits: _credits,
    days_until_due: _days,
    deleted: _deleted,
    custom_fields,
    effective_at,
    failedAttempts: _failed,
    finalized_amount_due: _due,
    overdue: _overdue,
    shipping_rate,
    subscription,
    subscription_metadata,
    subscription_proration_date,
    ...shown
  } = row
  const customer = account.customers.get(row.customer)
  const amounts = amountsOf(account, row)
  const amountDue = amountDueOf(account, row)
  const finalized = row.status !== 'draft'
  return {
    ...shown,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Tollgate sandbox',
    account_tax_ids: row.account_tax_ids ? [...row.account_tax_ids] : null,
    amount_due: amountDue,
    amount_overpaid: 0,
    amount_paid_off_stripe,
    amount_remaining: Math.max(0, amountDue - row.amount_paid),
    amount_shipping: amounts.shipping,
    application: null,
    automatic_tax: serializeAutomaticTax(row.automatic_tax),
    custom_fields: custom_fields ? [...custom_fields] : null,
    customer_account: null,
    customer_address: customer.address,
    customer_email: customer.email,
    customer_name: customer.name,
    customer_phone: customer.phone,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: taxIdsOf(account, customer.id),
    default_source: null,
    default_tax_rates: taxRates(account, row.default_tax_rates),
    effective_at: effective_at ?? row.status_transitions.finalized_at,
    from_invoice: row.from_invoice ?? null,
    hosted_invoice_url: finalized ? `${account.publicUrl}/i/${row.id}` : null,
    invoice_pdf: finalized ? `${account.publicUrl}/i/${row.id}/pdf` : null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: row.latest_revision ?? null,
    lines: embeddedLines(row, amounts),
    livemode: false,
    on_behalf_of: null,
    parent:
      subscription === null
        ? null
        : {
            quote_details: null,
            subscription_details: {
              metadata: subscription_metadata,
              subscription,
              ...(subscription_proration_date !== null && { subscription_proration_date }),
            },
            type: 'subscription_details',
          },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    receipt_number: null,
    rendering: null,
    shipping_cost: serializeShippingCost(account, shipping_rate, row),
    shipping_details: null,
    starting_balance: finalized ? row.starting_balance : customer.balance,
    statement_descriptor: null,
    subtotal: amounts.subtotal,
    subtotal_excluding_tax: amounts.subtotalWithoutTax,
    total: amounts.total,
    total_discount_amounts: [...amounts.discounts],
    total_excluding_tax: amounts.totalWithoutTax,
    total_pretax_credit_amounts: [
      ...pretaxCredits(amounts.discounts),
      ...billingCredits(amounts.lines.flatMap((line) => line.credits)),
    ],
    total_taxes: amounts.taxes.map(serializeTax),
    webhooks_delivered_at: row.created,
  }
}

/** How an invoice's taxes were computed from the customer's location. */
function serializeAutomaticTax(tax: InvoiceRow['automatic_tax']): Wire<Stripe.Invoice.AutomaticTax> {
  if (!tax) return { disabled_reason: null, enabled: false, liability: null, provider: null, status: null }
  const enabled = tax.disabled === null
  return {
    disabled_reason: tax.disabled,
    enabled,
    liability: enabled ? { type: 'self' } : null,
    provider: enabled ? 'stripe' : null,
    status: tax.status,
  }
}

/** How many lines of an invoice Stripe embeds. */
const EMBEDDED_LINES = 10

/** The first lines of an invoice; the others have to be listed. A preview, whose lines can't be listed, has all of them. */
function embeddedLines(row: InvoiceRow, { lines }: ReturnType<typeof amountsOf>) {
  const shown = row.id.startsWith('upcoming_in') ? row.lines : row.lines.slice(0, EMBEDDED_LINES)
  return {
    ...embeddedList(
      `/v1/invoices/${row.id}/lines`,
      shown.map((line, index) => serializeLine(row, line, lines[index])),
    ),
    has_more: shown.length < row.lines.length,
  }
}

export function serializeLine(
  invoice: Pick<InvoiceRow, 'id' | 'currency'>,
  line: InvoiceLine,
  { credits, own, shared, taxes }: Pick<LineAmounts, 'credits' | 'own' | 'shared' | 'taxes'> = {
    credits: [],
    own: [],
    shared: [],
    taxes: [],
  },
): Wire<Stripe.InvoiceLineItem> {
  const {
    credited_tax_rates: _credited,
    included_discounts,
    price,
    product,
    proration,
    quantity_decimal = String(line.quantity),
    subscription_item,
    tax_amounts: _amounts,
    tax_behavior: _behavior,
    tax_code: _code,
    tax_rates,
    invoice_item,
    unit_amount_decimal: _unit,
    ...shown
  } = line
  const discounts = [...included_discounts.map((discount) => ({ amount: 0, discount })), ...own, ...shared]
  return {
    ...shown,
    object: 'line_item',
    currency: invoice.currency,
    discount_amounts: discounts,
    discountable: line.discountable && !proration,
    discounts: [...line.discounts, ...included_discounts],
    invoice: invoice.id,
    livemode: false,
    parent: lineParent(line),
    pretax_credit_amounts: [...pretaxCredits(discounts), ...billingCredits(credits)],
    pricing:
      price === null || product === null
        ? null
        : {
            price_details: { price, product },
            type: 'price_details',
            unit_amount_decimal: unitAmount(line),
          },
    quantity_decimal,
    subtotal: line.amount,
    taxes: taxes.map(serializeTax),
  }
}

function unitAmount({ amount, quantity, unit_amount_decimal }: InvoiceLine): string | null {
  if (unit_amount_decimal !== undefined) return unit_amount_decimal
  return String(quantity === 0 ? 0 : Math.trunc(amount / quantity))
}

/** Credit for metered prices in the form of pretax credits. */
export function billingCredits<T extends string | null>(
  credits: readonly { readonly amount: number; readonly transaction: T }[],
) {
  return credits.map(({ amount, transaction }) => ({
    amount,
    credit_balance_transaction: transaction,
    type: 'credit_balance_transaction' as const,
  }))
}

/** Discounts in the form of pretax credits. */
export function pretaxCredits(
  discounts: readonly DiscountAmount[],
): { amount: number; discount: string; type: 'discount' }[] {
  return discounts.map(({ amount, discount }) => ({ amount, discount, type: 'discount' }))
}

/** A tax of a line or of an entire invoice or credit note. */
export function serializeTax({ amount, inclusive, percentage, reason, tax_rate, taxable_amount }: TaxAmount) {
  return {
    amount,
    tax_behavior: inclusive ? ('inclusive' as const) : ('exclusive' as const),
    tax_rate_details: { tax_rate },
    taxability_reason: reason ?? (percentage === 0 ? ('zero_rated' as const) : ('standard_rated' as const)),
    taxable_amount,
    type: 'tax_rate_details' as const,
  }
}

function lineParent({
  invoice_item,
  proration,
  subscription,
  subscription_item,
}: InvoiceLine): Wire<Stripe.InvoiceLineItem.Parent> | null {
  const proration_details = proration ? { credited_items: null } : null
  if (subscription_item !== null) {
    return {
      invoice_item_details: null,
      subscription_item_details: { invoice_item, proration, proration_details, subscription, subscription_item },
      type: 'subscription_item_details',
    }
  }
  if (invoice_item === null) return null
  return {
    invoice_item_details: { invoice_item, proration, proration_details, subscription },
    subscription_item_details: null,
    type: 'invoice_item_details',
  }
}

export function serializeInvoicePayment(row: InvoicePaymentRow): Wire<Stripe.InvoicePayment> {
  const { canceled_at, paid_at, payment_intent, ...shown } = row
  return {
    ...shown,
    object: 'invoice_payment',
    livemode: false,
    payment: { payment_intent, type: 'payment_intent' },
    status_transitions: { canceled_at, paid_at },
  }
}

/** Changes an invoice, and emits `invoice.updated` if the API object changed. */
export function updateInvoice(account: Account, id: string, changes: Partial<InvoiceRow>): InvoiceRow {
  const before = serializeInvoice(account, account.invoices.get(id))
  const row = account.invoices.patch(id, changes)
  emitUpdated(account, 'invoice.updated', before, serializeInvoice(account, row))
  return row
}
