import { today, type Paymob } from '../callbacks/paymob.ts'
import type { Call, Route } from '../http/api.ts'
import { badField, badRequest, notFound, PaymobError } from '../http/errors.ts'
import { pageOf } from '../http/page.ts'
import { cardObject, subscriptionObject } from '../resources/subscription.ts'
import { listedTransaction } from '../resources/transaction.ts'
import type { CardRow, SubscriptionRow, TransactionRow } from '../state/rows.ts'
import {
  cancel,
  deleteCard,
  makePrimary,
  registerWebhook,
  resume,
  suspend,
  updateTerms,
} from '../subscriptions/change-subscription.ts'
import { cardsOf } from '../subscriptions/deduct.ts'

const PATH = '/api/acceptance/subscriptions'

export function subscriptionRoutes(paymob: Paymob): Route[] {
  const { account, state } = paymob
  const shown = (row: SubscriptionRow) => subscriptionObject(account.region, row)
  const listed = (row: TransactionRow) => listedTransaction(account.region, row)
  /** An action on a subscription, which answers with the subscription unless `act` returns something else. */
  const on = (method: Route['method'], path: string, act: (row: SubscriptionRow, call: Call) => unknown): Route => ({
    method,
    path: `${PATH}/:id${path}`,
    key: 'token',
    handle: (call) => {
      const row = state.subscriptions.find(call.params['id'])
      if (!row)
        throw method === 'get' ? new PaymobError(404, { detail: 'not found.' }) : notFound('Subscription not found.')
      return act(row, call) ?? shown(row)
    },
  })
  const live = (act: (row: SubscriptionRow, call: Call) => unknown) => (row: SubscriptionRow, call: Call) => {
    if (row.state === 'canceled') throw badRequest('The subscription is canceled')
    return act(row, call)
  }
  return [
    {
      method: 'get',
      path: PATH,
      key: 'token',
      handle: ({ query }) => pageOf(paymob, PATH, filtered(paymob, query).map(shown), query),
    },
    on('get', '', () => null),
    on(
      'put',
      '',
      live((row, call) => update(paymob, row, call)),
    ),
    on(
      'post',
      '/suspend',
      live((row) => {
        if (row.state === 'suspended') throw badRequest('The subscription is already suspended')
        suspend(paymob, row)
      }),
    ),
    on('post', '/resume', (row) => {
      if (row.state !== 'suspended') throw badRequest("The subscription isn't suspended")
      resume(paymob, row)
    }),
    on(
      'post',
      '/cancel',
      live((row) => cancel(paymob, row)),
    ),
    on('get', '/transactions', (row, { query }) =>
      pageOf(paymob, `${PATH}/${row.id}/transactions`, transactionsOf(paymob, row).map(listed), query),
    ),
    on('get', '/last-transaction', (row) => {
      const [last] = transactionsOf(paymob, row)
      return listed(last ?? state.transactions.get(row.initialTransaction))
    }),
    on('get', '/card-tokens', (row) => cardsOf(paymob, row).map((card) => cardObject(account.region, card))),
    on(
      'post',
      '/change-primary-card',
      live((row, call) => {
        const card = cardIn(paymob, row, call)
        makePrimary(paymob, row, card)
        return cardObject(account.region, card)
      }),
    ),
    on(
      'post',
      '/delete-card',
      live((row, call) => {
        const card = cardIn(paymob, row, call)
        if (card.isPrimary) throw badRequest('The primary card cannot be deleted')
        deleteCard(paymob, row, card)
        return cardObject(account.region, card)
      }),
    ),
    on('post', '/register_webhook', (row, { fields }) => {
      const url = fields.optionalUrl('url')
      if (url === null) throw badField('url', 'This field is required.')
      registerWebhook(paymob, row, url)
    }),
  ]
}

/** The transactions of a subscription, newest first. */
function transactionsOf({ state, settings }: Paymob, row: SubscriptionRow): TransactionRow[] {
  const isOnPage = ({ id, orderId }: TransactionRow) =>
    id === row.initialTransaction || state.intentions.find(orderId)?.subscriptionId === row.id
  return state.transactions
    .all()
    .filter((each) => each.subscriptionId === row.id || (settings.initialTransactionListed === 'yes' && isOnPage(each)))
    .filter((each) => each.kind === 'payment')
    .toReversed()
}

function filtered({ state }: Paymob, { transaction, plan_id, state: wanted }: Call['query']): SubscriptionRow[] {
  const ofTransaction = state.transactions.find(transaction)?.subscriptionId
  return state.subscriptions
    .all()
    .filter(
      (row) =>
        (transaction === undefined || String(row.initialTransaction) === transaction || row.id === ofTransaction) &&
        (plan_id === undefined || String(row.planId) === plan_id) &&
        (wanted === undefined || row.state === wanted),
    )
    .toReversed()
}

function update(paymob: Paymob, row: SubscriptionRow, { fields }: Call): void {
  const endsAt = fields.has('ends_at') ? fields.optionalDate('ends_at') : undefined
  const nextBilling = fields.optionalDate('next_billing') ?? undefined
  if (endsAt === null && paymob.settings.endsAtNull === 'refused')
    throw badField('ends_at', 'This field may not be null.')
  if (endsAt !== undefined && endsAt !== null && endsAt < today(paymob))
    throw badField('ends_at', 'The date must not be in the past.')
  if (nextBilling !== undefined && nextBilling <= today(paymob))
    throw badField('next_billing', 'The date must be in the future.')
  updateTerms(paymob, row, { amountCents: fields.optionalInteger('amount_cents', 1) ?? undefined, endsAt, nextBilling })
}

function cardIn(paymob: Paymob, row: SubscriptionRow, { fields }: Call): CardRow {
  const id = fields.integer('card')
  const card = cardsOf(paymob, row).find((each) => each.id === id)
  if (!card) throw notFound('Card not found.')
  return card
}
