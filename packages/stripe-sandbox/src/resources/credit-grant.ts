import type Stripe from 'stripe'
import type { CreditGrantRow, CreditTransactionRow } from '../state/rows/billing-credit.ts'
import type { Wire } from '../wire.ts'

export function serializeCreditGrant(row: CreditGrantRow): Wire<Stripe.Billing.CreditGrant> {
  const { amount, currency, prices, ...shown } = row
  return {
    ...shown,
    object: 'billing.credit_grant',
    amount: monetary(amount, currency),
    applicability_config: {
      scope: prices === null ? { price_type: 'metered' } : { prices: prices.map((id) => ({ id })) },
    },
    customer_account: null,
    livemode: false,
  }
}

export function serializeCreditTransaction(row: CreditTransactionRow): Wire<Stripe.Billing.CreditBalanceTransaction> {
  const { amount, currency, customer: _customer, invoice, invoice_line_item, reason, ...shown } = row
  const used = invoice !== null && invoice_line_item !== null ? { invoice, invoice_line_item } : null
  const isCredit = reason === 'credits_granted' || reason === 'credits_application_invoice_voided'
  return {
    ...shown,
    object: 'billing.credit_balance_transaction',
    credit: isCredit
      ? { amount: monetary(amount, currency), credits_application_invoice_voided: used, type: reason }
      : null,
    debit: isCredit ? null : { amount: monetary(-amount, currency), credits_applied: used, type: reason },
    livemode: false,
    type: isCredit ? 'credit' : 'debit',
  }
}

/** An amount of credit. Credit is always money. */
export function monetary(value: number, currency: string) {
  return { monetary: { currency, value }, type: 'monetary' as const }
}
