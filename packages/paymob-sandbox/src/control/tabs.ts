import type { Paymob } from '../callbacks/paymob.ts'
import { html, type Html } from '../pages/html.ts'
import { badDayForms } from './bad-day-forms.ts'
import { callbackList } from './callback-list.ts'
import { find, pages, searchForm, type Choice, type Search } from './choice.ts'
import { keyList } from './key-list.ts'
import { paymentList, subscriptionList } from './money-lists.ts'
import { orderList, sampleForm } from './order-list.ts'
import { searches } from './searches.ts'
import { section } from './section.ts'

export interface Tab {
  readonly id: string
  readonly title: string
  /** How many rows there are; null if it has no list. */
  count(paymob: Paymob): number | null
  content(paymob: Paymob, choice: Choice): Html
}

/** How many rows the overview shows of each list. */
const GLANCE = 5

/** The tabs of the control page. The first one is shown by default. */
export const TABS: readonly Tab[] = [
  { id: '', title: 'Overview', count: () => null, content: overview },
  list('subscriptions', 'Subscriptions', {
    all: ({ state }) => state.subscriptions.all(),
    search: () => searches.subscriptions,
    show: subscriptionList,
  }),
  list('payments', 'Payments', {
    all: ({ state }) => state.transactions.all(),
    search: searches.payments,
    show: paymentList,
  }),
  list('orders', 'Checkout pages', {
    all: ({ state }) => state.intentions.all(),
    search: () => searches.orders,
    show: orderList,
  }),
  list('callbacks', 'Callbacks', {
    all: ({ state }) => state.callbacks.all(),
    search: () => searches.callbacks,
    show: callbackList,
  }),
  { id: 'failures', title: 'Failures', count: () => null, content: (paymob) => badDayForms(paymob) },
]

function overview(paymob: Paymob): Html {
  const { state } = paymob
  const newest = <Row>(rows: readonly Row[]): Row[] => rows.slice(-GLANCE).toReversed()
  return html`<div class="grid two">
      ${section('checkout', 'Checkout', sampleForm())} ${section('keys', 'Keys', keyList(paymob))}
    </div>
    ${section('newest-subscriptions', 'Newest subscriptions', subscriptionList(paymob, newest(state.subscriptions.all())))}
    ${section('newest-callbacks', 'Newest callbacks', callbackList(paymob, newest(state.callbacks.all())))}`
}

interface ListTab<Row> {
  all(paymob: Paymob): readonly Row[]
  search(paymob: Paymob): Search<Row>
  show(paymob: Paymob, rows: readonly Row[]): Html
}

function list<Row>(id: string, title: string, { all, search, show }: ListTab<Row>): Tab {
  return {
    id,
    title,
    count: (paymob) => all(paymob).length,
    content(paymob, choice) {
      const how = search(paymob)
      const rows = all(paymob)
      const found = find(rows, choice, how)
      const isEmpty = found.rows.length === 0 && rows.length > 0
      return section(
        id,
        title,
        html`${rows.length > 0 && searchForm(choice, how)}
        ${isEmpty ? html`<p class="muted">Nothing matches.</p>` : show(paymob, found.rows)}
        ${pages(choice, found.total)}`,
      )
    },
  }
}
