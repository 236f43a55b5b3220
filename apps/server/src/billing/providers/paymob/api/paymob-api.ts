import {
  Anything,
  CardAnswer,
  IntentionAnswer,
  listOf,
  PlanAnswer,
  SubscriptionAnswer,
  TransactionAnswer,
  type PaymobCard,
  type PaymobPlan,
  type PaymobSubscription,
  type PaymobTransaction,
} from './answers.ts'
import type { CallPaymob } from './calls.ts'
import { nullIfMissing } from './paymob-error.ts'

const PLANS = '/api/acceptance/subscription-plans'
const SUBSCRIPTIONS = '/api/acceptance/subscriptions'
const TRANSACTIONS = '/api/acceptance/transactions'
/** Maximum number of pages of a list. A list that never ends must not hold a job up forever. */
const MOST_PAGES = 500

type Fields = Readonly<Record<string, unknown>>

/** Paymob's calls, as the official collections have them. */
export type PaymobApi = ReturnType<typeof createPaymobApi>

export function createPaymobApi(call: CallPaymob) {
  /** Reads a list page by page, in Paymob's order, which is the newest first. */
  async function* listed<T>(path: string, answer: Parameters<typeof listOf<T>>[0]): AsyncGenerator<T, void> {
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const { results, next } = await call({
        ...{ method: 'GET', path: `${path}${path.includes('?') ? '&' : '?'}page=${page}` },
        ...{ key: 'token', answer: listOf(answer) },
      } as const)
      yield* results
      if (typeof next !== 'string' || next === '') return
    }
  }
  const post = (path: string, body: Fields = {}) => call({ method: 'POST', path, key: 'token', body, answer: Anything })
  const secretPost = (path: string, body: Fields) =>
    call({ method: 'POST', path, key: 'secret', body, answer: Anything })

  return {
    plans: () => listed<PaymobPlan>(PLANS, PlanAnswer),
    createPlan: (body: Fields) => call({ method: 'POST', path: PLANS, key: 'token', body, answer: PlanAnswer }),

    subscription: (id: string): Promise<PaymobSubscription | null> =>
      call({ method: 'GET', path: `${SUBSCRIPTIONS}/${id}`, key: 'token', answer: SubscriptionAnswer }).catch(
        nullIfMissing,
      ),
    subscriptionsOf: (transactionId: string) =>
      listed<PaymobSubscription>(`${SUBSCRIPTIONS}?transaction=${transactionId}`, SubscriptionAnswer),
    transactionsOf: (subscriptionId: string) =>
      listed<PaymobTransaction>(`${SUBSCRIPTIONS}/${subscriptionId}/transactions`, TransactionAnswer),
    async cardsOf(subscriptionId: string): Promise<PaymobCard[]> {
      const cards: PaymobCard[] = []
      const path = `${SUBSCRIPTIONS}/${subscriptionId}/card-tokens`
      for await (const card of listed<PaymobCard>(path, CardAnswer)) cards.push(card)
      return cards
    },
    updateSubscription: (id: string, body: Fields) =>
      call({ method: 'PUT', path: `${SUBSCRIPTIONS}/${id}`, key: 'token', body, answer: Anything }),
    cancelSubscription: (id: string) => post(`${SUBSCRIPTIONS}/${id}/cancel`),
    registerWebhook: (id: string, url: string) => post(`${SUBSCRIPTIONS}/${id}/register_webhook`, { url }),
    makePrimary: (id: string, card: number) => post(`${SUBSCRIPTIONS}/${id}/change-primary-card`, { card }),
    deleteCard: (id: string, card: number) => post(`${SUBSCRIPTIONS}/${id}/delete-card`, { card }),

    transaction: (id: string): Promise<PaymobTransaction | null> =>
      call({ method: 'GET', path: `${TRANSACTIONS}/${id}`, key: 'token', answer: TransactionAnswer }).catch(
        nullIfMissing,
      ),
    /** @returns the payment of an intention: the one that succeeded, or else the newest one; null before any. */
    inquire: (reference: string): Promise<PaymobTransaction | null> =>
      call({
        ...{ method: 'POST', path: '/api/ecommerce/orders/transaction_inquiry', key: 'token' },
        ...{ body: { merchant_order_id: reference }, answer: TransactionAnswer },
      } as const).catch(nullIfMissing),
    createIntention: (body: Fields) =>
      call({ method: 'POST', path: '/v1/intention/', key: 'secret', body, answer: IntentionAnswer }),
    payWithCard: (token: string, paymentKey: string) =>
      call({
        ...{ method: 'POST', path: '/api/acceptance/payments/pay', key: 'none', answer: Anything },
        body: { source: { identifier: token, subtype: 'TOKEN' }, payment_token: paymentKey },
      } as const),
    refund: (transaction: number, cents: number) =>
      secretPost('/api/acceptance/void_refund/refund', { transaction_id: transaction, amount_cents: cents }),
    void: (transaction: number) => secretPost('/api/acceptance/void_refund/void', { transaction_id: transaction }),
  }
}
