import { stampOf, type Region } from '../dates.ts'
import { MERCHANT } from '../state/account.ts'
import type { TransactionRow } from '../state/rows.ts'
import type { State } from '../state/state.ts'

/** A transaction in its callback and in an inquiry: its order is an object. */
export function transactionObject(state: State, region: Region, row: TransactionRow) {
  const intention = state.intentions.find(row.orderId)
  const created = stampOf(region, intention?.createdAt ?? row.createdAt, row.orderId)
  return {
    ...plainTransaction(region, row),
    profile_id: MERCHANT,
    order: {
      id: row.orderId,
      created_at: created,
      merchant: { id: MERCHANT, created_at: created, company_name: 'Paymob sandbox' },
      amount_cents: intention?.amount ?? row.amountCents,
      currency: row.currency,
      merchant_order_id: intention?.specialReference ?? null,
      paid_amount_cents: row.success && row.kind === 'payment' ? row.amountCents : 0,
      items: intention?.items ?? [],
    },
    payment_key_claims: intention
      ? {
          extra: intention.extras,
          order_id: row.orderId,
          amount_cents: intention.amount,
          currency: intention.currency,
          integration_id: row.integrationId,
          subscription_plan_id: intention.subscriptionPlanId,
          billing_data: intention.billingData,
        }
      : null,
  }
}

/** A transaction in the list of a subscription: its order is a number. */
export function listedTransaction(region: Region, row: TransactionRow) {
  return { ...plainTransaction(region, row), order: row.orderId }
}

function plainTransaction(region: Region, row: TransactionRow) {
  const created = stampOf(region, row.createdAt, row.id)
  return {
    id: row.id,
    pending: false,
    amount_cents: row.amountCents,
    success: row.success,
    is_auth: row.isAuth,
    is_capture: row.kind === 'capture',
    is_standalone_payment: row.kind === 'payment' && !row.isAuth,
    is_voided: row.isVoided,
    is_refunded: row.refundedCents > 0,
    is_3d_secure: row.is3dSecure,
    integration_id: row.integrationId,
    has_parent_transaction: row.parentId !== null,
    created_at: created,
    paid_at: row.success ? created : null,
    currency: row.currency,
    source_data: { pan: row.pan, type: 'card', tenure: null, sub_type: row.brand },
    api_source: row.apiSource,
    is_void: row.kind === 'void',
    is_refund: row.kind === 'refund',
    data: {
      message: row.message,
      txn_response_code: row.success ? 'APPROVED' : 'DECLINED',
      gateway_integration_pk: row.integrationId,
    },
    is_hidden: false,
    error_occured: false,
    is_live: false,
    refunded_amount_cents: row.refundedCents,
    source_id: row.subscriptionId ?? -1,
    is_captured: row.capturedCents > 0,
    captured_amount: row.capturedCents,
    updated_at: stampOf(region, row.updatedAt, row.id + 7),
    is_settled: false,
    owner: MERCHANT,
    parent_transaction: row.parentId,
  }
}

/** The query of the page that the customer returns to: the same fields, flat. */
export function redirectFields(state: State, region: Region, row: TransactionRow): Record<string, string> {
  const obj = transactionObject(state, region, row)
  const flat = {
    ...Object.fromEntries(Object.entries(obj).filter(([, value]) => typeof value !== 'object')),
    order: obj.order.id,
    order_id: obj.order.id,
    merchant_order_id: obj.order.merchant_order_id ?? '',
    'source_data.pan': obj.source_data.pan,
    'source_data.sub_type': obj.source_data.sub_type,
    'source_data.type': obj.source_data.type,
    'data.message': obj.data.message,
    txn_response_code: obj.data.txn_response_code,
  }
  return Object.fromEntries(Object.entries(flat).map(([name, value]) => [name, String(value)]))
}
