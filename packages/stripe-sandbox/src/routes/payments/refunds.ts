import { emitUpdated } from '../../events/emit.ts'
import { currencyCode } from '../../http/currency-params.ts'
import { exclusiveParams, invalidRequest, resourceMissing } from '../../http/errors.ts'
import { PAGE, page } from '../../http/list.ts'
import {
  boolean,
  hash,
  integer,
  isWithin,
  mergeMetadata,
  metadata,
  oneOf,
  string,
  timeRange,
} from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { refundCharge } from '../../payments/refunds.ts'
import { serializeLedgerEntry, serializeRefund } from '../../resources/charge.ts'
import type { Account } from '../../state/account.ts'
import type { ChargeRow } from '../../state/rows/payment.ts'
import { inParam, inPath } from '../lookup.ts'

const CREATE = hash({
  amount: integer({ min: 1 }),
  charge: string(),
  payment_intent: string(),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  metadata: metadata(),
  refund_application_fee: boolean(),
  reverse_transfer: boolean(),
})
const LIST = hash({ ...PAGE, charge: string(), created: timeRange(), payment_intent: string() })

export const refundRoutes = [
  route('POST', '/refunds', CREATE, ({ account, params }) => {
    const { amount, reason = null, metadata: given } = params
    return serializeRefund(
      refundCharge(account, chargeToRefund(account, params), { amount, reason, metadata: mergeMetadata({}, given) }),
    )
  }),
  route('GET', '/refunds/:id', hash({}), ({ account, id }) => serializeRefund(inPath(account.refunds, id, 'refund'))),
  route('POST', '/refunds/:id', hash({ metadata: metadata() }), ({ account, id, params }) => {
    const old = inPath(account.refunds, id, 'refund')
    const row = account.refunds.patch(id, { metadata: mergeMetadata(old.metadata, params.metadata) })
    emitUpdated(account, 'refund.updated', serializeRefund(old), serializeRefund(row))
    emitUpdated(account, 'charge.refund.updated', serializeRefund(old), serializeRefund(row))
    return serializeRefund(row)
  }),
  route('GET', '/refunds', LIST, ({ account, params }) => {
    const rows = (
      params.charge === undefined ? account.refunds.all() : account.refunds.by('charge', params.charge)
    ).filter(
      (row) =>
        isWithin(row.created, params.created) &&
        (!params.payment_intent || row.payment_intent === params.payment_intent),
    )
    return page('/v1/refunds', rows, params, serializeRefund)
  }),
  route('GET', '/balance_transactions/:id', hash({}), ({ account, id }) =>
    serializeLedgerEntry(inPath(account.ledger, id, 'balance_transaction')),
  ),
  route(
    'GET',
    '/balance_transactions',
    hash({
      ...PAGE,
      created: timeRange(),
      currency: currencyCode(),
      payout: string(),
      source: string(),
      type: string(),
    }),
    ({ account, params }) => {
      const { created, currency, payout, source, type } = params
      const rows = account.ledger.all().filter(
        (row) =>
          // There are no payouts.
          payout === undefined &&
          isWithin(row.created, created) &&
          (!currency || row.currency === currency) &&
          (!source || row.source === source) &&
          (!type || row.type === type),
      )
      return page('/v1/balance_transactions', rows, params, serializeLedgerEntry)
    },
  ),
  route('GET', '/balance', hash({}), ({ account }) => {
    const sums = new Map<string, number>()
    for (const { amount, currency, fee } of account.ledger.all())
      sums.set(currency, (sums.get(currency) ?? 0) + amount - fee)
    const pending = [...sums].map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } }))
    return {
      object: 'balance',
      available: pending.map(({ currency }) => ({ amount: 0, currency, source_types: { card: 0 } })),
      livemode: false,
      pending,
    }
  }),
]

function chargeToRefund(
  account: Account,
  { charge, payment_intent }: { charge?: string; payment_intent?: string },
): ChargeRow {
  if (charge !== undefined && payment_intent !== undefined)
    throw exclusiveParams('charge', 'payment_intent', 'payment_intent')
  if (charge !== undefined) return inParam(account.charges, charge, 'charge', 'charge')
  if (payment_intent === undefined)
    throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.', {
      code: 'parameter_missing',
    })
  const { latest_charge, status } = inParam(account.paymentIntents, payment_intent, 'payment_intent', 'payment_intent')
  const row = latest_charge === null ? undefined : account.charges.find(latest_charge)
  if (status !== 'succeeded' || !row) {
    if (row)
      throw invalidRequest(`This PaymentIntent (${payment_intent}) does not have a successful charge to refund.`, {
        param: 'payment_intent',
      })
    throw resourceMissing('charge', payment_intent, { param: 'payment_intent' })
  }
  return row
}
