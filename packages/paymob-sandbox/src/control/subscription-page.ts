import type { Paymob } from '../callbacks/paymob.ts'
import { html, type Html } from '../pages/html.ts'
import { document } from '../pages/layout.ts'
import { tag } from '../pages/tags.ts'
import { maskedPan } from '../resources/subscription.ts'
import type { SubscriptionRow, TransactionRow } from '../state/rows.ts'
import { cardsOf } from '../subscriptions/deduct.ts'
import { callbackList } from './callback-list.ts'
import { flashed, tabLinks, timePanel } from './control-page.ts'
import type { Flash } from './flashes.ts'
import { paymentList, subscriptionList } from './money-lists.ts'
import { section } from './section.ts'

/** How many of its newest payments and callbacks are shown. The tabs find all of them. */
const NEWEST = 20

/** A subscription with its cards, its payments, and the callbacks about it. */
export function subscriptionPage(paymob: Paymob, row: SubscriptionRow, flash: Flash | undefined): Html {
  const { state } = paymob
  const payments = state.transactions.all().filter((each) => isOf(paymob, row, each))
  const ids = new Set(payments.map(({ id }) => id))
  const callbacks = state.callbacks
    .all()
    .filter((each) => each.subscriptionId === row.id || (each.transactionId !== null && ids.has(each.transactionId)))
  return document(
    `Subscription ${row.id}`,
    html`<h1>${row.client.full_name}, ${row.name}</h1>
      ${tabLinks(paymob, null)} ${flashed(flash)} ${timePanel(paymob)}
      ${section('subscription', `Subscription ${row.id}`, subscriptionList(paymob, [row]))}
      ${section('cards', 'Cards', cardList(paymob, row))}
      ${section('payments', 'Payments', paymentList(paymob, payments.slice(-NEWEST).toReversed()))}
      ${section('callbacks', 'Callbacks', callbackList(paymob, callbacks.slice(-NEWEST).toReversed()))}`,
    { wide: true },
  )
}

/** Its deductions, what the customer paid on pages for it, and what was paid back of both. */
function isOf({ state }: Paymob, row: SubscriptionRow, payment: TransactionRow): boolean {
  const { initialTransaction } = row
  const isOnPage = payment.id === initialTransaction || payment.parentId === initialTransaction
  return (
    payment.subscriptionId === row.id || isOnPage || state.intentions.find(payment.orderId)?.subscriptionId === row.id
  )
}

function cardList(paymob: Paymob, row: SubscriptionRow): Html {
  return html`<ul class="rows">
    ${cardsOf(paymob, row).map(
      (card) =>
        html`<li class="bar">
          <span>${card.brand} ${maskedPan(card.number)}</span> ${card.isPrimary && tag('primary', 'good')}
          ${card.failedAttempts > 0 && tag(`failed ${card.failedAttempts} times`, 'bad')}
        </li>`,
    )}
  </ul>`
}
