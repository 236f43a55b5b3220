import type { Account } from '../state/account.ts'
import { embeddedList } from '../wire.ts'
import { serializeRefund } from './charge.ts'
import { serializeLinkLine, serializeSessionLine } from './checkout-session.ts'
import { serializeCustomerTax } from './customer-tax.ts'
import { serializeCashBalance } from './customer.ts'
import { serializeInvoicePayment, serializeTax } from './invoice.ts'
import { serializeCurrencyOptions, serializeTiers } from './price.ts'
import { serializeShippingCurrencies, serializeShippingTaxes } from './shipping-rate.ts'
import { serializeSubscription } from './subscription.ts'
import { listCalculationLines, listTransactionLines, serializeBreakdown } from './tax-calculation.ts'
import { serializeTaxId } from './tax-id.ts'

/** Fields that an object has only when `expand` names them, by object type and field. */
export const INCLUDABLE: Readonly<Record<string, Readonly<Record<string, (account: Account, id: string) => unknown>>>> =
  {
    coupon: {
      applies_to: (account, id) => {
        const { products } = account.coupons.get(id)
        return products === null ? undefined : { products }
      },
      currency_options: (account, id) =>
        Object.fromEntries(
          Object.entries(account.coupons.get(id).amounts).map(([currency, amount_off]) => [currency, { amount_off }]),
        ),
    },
    charge: {
      refunds: (account, id) =>
        embeddedList(
          `/v1/charges/${id}/refunds`,
          account.refunds
            .by('charge', id)
            .toReversed()
            .map((row) => serializeRefund(row)),
        ),
    },
    'checkout.session': {
      'shipping_cost.taxes': (account, id) => {
        const { automatic_tax, currency, shipping_rate } = account.checkoutSessions.get(id)
        return serializeShippingTaxes(account, shipping_rate, { automatic_tax, currency: currency ?? 'usd' })
      },
      line_items: (account, id) => {
        const session = account.checkoutSessions.get(id)
        return embeddedList(
          `/v1/checkout/sessions/${id}/line_items`,
          session.lines.map((line) => serializeSessionLine(account, line, session)),
        )
      },
    },
    credit_note: {
      'shipping_cost.taxes': (account, id) => account.creditNotes.get(id).shipping?.taxes.map(serializeTax) ?? [],
    },
    customer: {
      subscriptions: (account, id) => {
        const live = account.subscriptions
          .by('customer', id)
          .filter((row) => row.status !== 'canceled' && row.status !== 'incomplete_expired')
        return embeddedList(
          `/v1/customers/${id}/subscriptions`,
          live.toReversed().map((row) => serializeSubscription(account, row)),
        )
      },
      cash_balance: serializeCashBalance,
      tax: serializeCustomerTax,
      tax_ids: (account, id) =>
        embeddedList(
          `/v1/customers/${id}/tax_ids`,
          account.taxIds
            .by('customer', id)
            .toReversed()
            .map((row) => serializeTaxId(row)),
        ),
      invoice_credit_balance: (account, id) => {
        const { balance, currency } = account.customers.get(id)
        return currency === null ? {} : { [currency]: balance }
      },
    },
    invoice: {
      'shipping_cost.taxes': (account, id) => {
        const { shipping_rate, ...row } = account.invoices.get(id)
        return serializeShippingTaxes(account, shipping_rate, row)
      },
      confirmation_secret: (account, id) => {
        const payment = account.invoicePayments.by('invoice', id).find((row) => row.status === 'open')
        return payment
          ? { client_secret: account.paymentIntents.get(payment.payment_intent).client_secret, type: 'payment_intent' }
          : null
      },
      payments: (account, id) =>
        embeddedList(
          '/v1/invoice_payments',
          account.invoicePayments
            .by('invoice', id)
            .toReversed()
            .map((row) => serializeInvoicePayment(row)),
        ),
    },
    payment_link: {
      line_items: (account, id) => {
        const { currency, lines } = account.paymentLinks.get(id)
        return embeddedList(
          `/v1/payment_links/${id}/line_items`,
          lines.map((line) => serializeLinkLine(account, line, currency)),
        )
      },
    },
    promotion_code: {
      'restrictions.currency_options': (account, id) =>
        Object.fromEntries(
          Object.entries(account.promotionCodes.get(id).minimum_amounts ?? {}).map(([currency, minimum_amount]) => [
            currency,
            { minimum_amount },
          ]),
        ),
    },
    plan: { tiers: (account, id) => serializeTiers(account.prices.get(id)) },
    price: {
      currency_options: (account, id) => serializeCurrencyOptions(account.prices.get(id)),
      tiers: (account, id) => serializeTiers(account.prices.get(id)),
    },
    'tax.calculation': {
      line_items: (account, id) => listCalculationLines(account.taxCalculations.get(id)),
      'shipping_cost.tax_breakdown': (account, id) =>
        serializeBreakdown(account, account.taxCalculations.get(id).shipping?.taxes ?? []),
    },
    'tax.calculation_line_item': {
      tax_breakdown: (account, id) => {
        const lines = account.taxCalculations.all().flatMap((row) => row.lines)
        return serializeBreakdown(account, lines.find((line) => line.id === id)?.taxes ?? [])
      },
    },
    'tax.transaction': {
      line_items: (account, id) => listTransactionLines(account.taxTransactions.get(id)),
      'shipping_cost.tax_breakdown': (account, id) =>
        serializeBreakdown(account, account.taxTransactions.get(id).shipping?.taxes ?? []),
    },
    shipping_rate: {
      'fixed_amount.currency_options': (account, id) => serializeShippingCurrencies(account.shippingRates.get(id)),
    },
  }
