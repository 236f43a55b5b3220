import type { Paymob } from '../callbacks/paymob.ts'
import { paySavedCard } from '../checkout/pay-intention.ts'
import type { Call, Route } from '../http/api.ts'
import { badCredentials, badRequest, notFound, PaymobError } from '../http/errors.ts'
import type { Tokens } from '../http/tokens.ts'
import { capture, refund, voidPayment } from '../payments/refunds.ts'
import { cardObject } from '../resources/subscription.ts'
import { transactionObject } from '../resources/transaction.ts'
import type { TransactionRow } from '../state/rows.ts'

export function transactionRoutes(paymob: Paymob, tokens: Tokens): Route[] {
  const { account, state } = paymob
  const shown = (row: TransactionRow) => transactionObject(state, account.region, row)
  const found = ({ fields }: Call): TransactionRow => {
    const row = state.transactions.find(fields.integer('transaction_id'))
    if (!row) throw notFound('Transaction not found')
    return row
  }
  return [
    {
      method: 'get',
      path: '/api/acceptance/transactions/:id',
      key: 'token',
      handle: ({ params }) => {
        const row = state.transactions.find(params['id'])
        if (!row) throw new PaymobError(404, { detail: 'Not found.' })
        return shown(row)
      },
    },
    {
      method: 'post',
      path: '/api/ecommerce/orders/transaction_inquiry',
      key: 'token',
      handle: (call) => {
        const row = inquire(paymob, call)
        if (!row) throw new PaymobError(404, { detail: 'Not found.' })
        return shown(row)
      },
    },
    {
      method: 'post',
      path: '/api/acceptance/void_refund/refund',
      key: 'secret',
      status: 201,
      handle: (call) => shown(refund(paymob, found(call), call.fields.integer('amount_cents', 1))),
    },
    {
      method: 'post',
      path: '/api/acceptance/void_refund/void',
      key: 'secret',
      status: 201,
      handle: (call) => shown(voidPayment(paymob, found(call))),
    },
    {
      method: 'post',
      path: '/api/acceptance/capture',
      key: 'secret',
      status: 201,
      handle: (call) => shown(capture(paymob, found(call), call.fields.integer('amount_cents', 1))),
    },
    {
      method: 'post',
      path: '/api/acceptance/payments/pay',
      key: 'none',
      handle: (call) => shown(payWithToken(paymob, call)),
    },
    {
      method: 'post',
      path: '/api/acceptance/order_card_tokens',
      key: 'none',
      handle: ({ fields }) => {
        if (!tokens.isValid(fields.text('auth_token'))) throw badCredentials()
        const orderId = fields.integer('order_id')
        const cards = state.cards.all().filter((card) => card.orderId === orderId)
        return cards.map((card) => cardObject(account.region, card))
      },
    },
  ]
}

/** The payment of an order: the one that succeeded, or else the newest one. */
function inquire({ state }: Paymob, { fields }: Call): TransactionRow | undefined {
  const reference = fields.optionalText('merchant_order_id')
  const orders =
    reference === null
      ? [fields.integer('order_id')]
      : state.intentions
          .all()
          .filter((row) => row.specialReference === reference)
          .map((row) => row.id)
  const payments = state.transactions.all().filter((row) => row.kind === 'payment' && orders.includes(row.orderId))
  return payments.findLast((row) => row.success) ?? payments.at(-1)
}

/** Charges a saved card without the customer. The payment token of the intention is the key. */
function payWithToken(paymob: Paymob, { fields }: Call): TransactionRow {
  const { state } = paymob
  const source = fields.record('source')
  const key = fields.text('payment_token')
  const intention = state.intentions.all().find((row) => row.paymentKey === key)
  if (!intention) throw badCredentials()
  const card = state.cards.all().find((row) => row.token === source['identifier'])
  if (source['subtype'] !== 'TOKEN' || !card) throw notFound('Card token not found')
  const transaction = paySavedCard(paymob, intention, card)
  if (!transaction) throw badRequest('This order is already paid')
  return transaction
}
