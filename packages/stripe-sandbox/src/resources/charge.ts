import type Stripe from 'stripe'
import type { Account } from '../state/account.ts'
import type { ChargeRow, DisputeRow, LedgerEntryRow, RefundRow } from '../state/rows/payment.ts'
import type { Wire } from '../wire.ts'
import { serializeBillingDetails } from './payment-method.ts'

/**
 * Decline codes after which retrying the same card is pointless.
 *
 * @see https://docs.stripe.com/billing/revenue-recovery/smart-retries
 */
export const HARD_DECLINES: ReadonlySet<string> = new Set(['lost_card', 'stolen_card', 'authentication_required'])

/** How long an authorized payment can be captured: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method */
export const CAPTURE_WITHIN = 7 * 24 * 60 * 60

export function serializeCharge(account: Account, row: ChargeRow): Wire<Stripe.Charge> {
  const { failure, ...shown } = row
  const method = account.paymentMethods.get(row.payment_method)
  return {
    ...shown,
    object: 'charge',
    application: null,
    application_fee: null,
    application_fee_amount: null,
    billing_details: serializeBillingDetails(method),
    calculated_statement_descriptor: 'TOLLGATE SANDBOX',
    failure_balance_transaction: null,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    on_behalf_of: null,
    outcome: outcome(row),
    payment_method_details: {
      card: {
        amount_authorized: row.paid ? row.amount : null,
        authorization_code: null,
        ...(row.paid && !row.captured && { capture_before: row.created + CAPTURE_WITHIN }),
        brand: method.card.brand,
        checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
        country: 'US',
        electronic_commerce_indicator: null,
        exp_month: method.card.exp_month,
        exp_year: method.card.exp_year,
        fingerprint: method.card.fingerprint,
        funding: 'credit',
        installments: null,
        last4: method.card.last4,
        mandate: null,
        network: method.card.brand,
        network_transaction_id: null,
        regulated_status: 'unregulated',
        three_d_secure: null,
        transaction_link_id: null,
        wallet: null,
      },
      type: 'card',
    },
    receipt_email: null,
    receipt_number: null,
    receipt_url: row.paid ? `${account.publicUrl}/receipts/${row.id}` : null,
    refunded: row.amount > 0 && row.amount_refunded === row.amount,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    transfer_data: null,
    transfer_group: null,
  }
}

function outcome({ failure }: ChargeRow): Wire<Stripe.Charge.Outcome> {
  const common = { network_advice_code: null, network_decline_code: null, risk_level: 'normal', risk_score: 20 }
  if (!failure)
    return {
      ...common,
      advice_code: null,
      network_status: 'approved_by_network',
      reason: null,
      seller_message: 'Payment complete.',
      type: 'authorized',
    }
  return {
    ...common,
    advice_code:
      failure.decline_code !== null && HARD_DECLINES.has(failure.decline_code) ? 'do_not_try_again' : 'try_again_later',
    network_status: 'declined_by_network',
    reason: failure.decline_code,
    seller_message: 'The bank did not return any further details with this decline.',
    type: 'issuer_declined',
  }
}

export function serializeRefund(row: RefundRow): Wire<Stripe.Refund> {
  return {
    id: row.id,
    object: 'refund',
    amount: row.amount,
    balance_transaction: row.balance_transaction,
    charge: row.charge,
    created: row.created,
    currency: row.currency,
    customer: row.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: row.metadata,
    payment_intent: row.payment_intent,
    payment_method: null,
    reason: row.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: row.status,
    transfer_reversal: null,
  }
}

const EVIDENCE = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const

/** The evidence fields of a dispute. */
export const EVIDENCE_FIELDS: readonly string[] = EVIDENCE

const DISPUTE_DAYS = 7

export function serializeDispute(account: Account, row: DisputeRow): Wire<Stripe.Dispute> {
  const { balance_transactions, customer: _customer, evidence, has_evidence, submitted, ...shown } = row
  const texts = Object.fromEntries(EVIDENCE.map((field) => [field, evidence[field] ?? null])) as Record<
    (typeof EVIDENCE)[number],
    string | null
  >
  const dueBy = row.created + DISPUTE_DAYS * 24 * 60 * 60
  return {
    ...shown,
    object: 'dispute',
    balance_transactions: balance_transactions.map((id) => serializeLedgerEntry(account.ledger.get(id))),
    enhanced_eligibility_types: [],
    evidence: { ...texts, enhanced_evidence: {} },
    evidence_details: {
      due_by: dueBy,
      enhanced_eligibility: {},
      has_evidence,
      past_due: !submitted && account.nowOf(row.customer) > dueBy,
      submission_count: submitted ? 1 : 0,
      submission_method: submitted ? 'manual' : 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
  }
}

export function serializeLedgerEntry(row: LedgerEntryRow): Wire<Stripe.BalanceTransaction> {
  return {
    ...row,
    object: 'balance_transaction',
    available_on: row.created + 2 * 24 * 60 * 60,
    balance_type: 'payments',
    exchange_rate: null,
    fee_details:
      row.fee === 0
        ? []
        : [
            {
              amount: row.fee,
              application: null,
              currency: row.currency,
              description: 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: row.amount - row.fee,
    reporting_category: row.type === 'adjustment' ? 'dispute' : row.type,
    status: 'pending',
  }
}
