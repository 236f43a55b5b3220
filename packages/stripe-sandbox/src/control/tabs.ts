import { html, type Html } from '../pages/html.ts'
import type { Account } from '../state/account.ts'
import { chaosForms } from './chaos-forms.ts'
import { checkoutPanel } from './checkout-panel.ts'
import { find, pages, pathOf, searchForm, type Choice, type Search } from './choice.ts'
import { customerList } from './customer-list.ts'
import { eventList } from './event-list.ts'
import { chargeList, invoiceList } from './money-lists.ts'
import { portalPanel } from './portal-panel.ts'
import { searches } from './searches.ts'
import { section } from './section.ts'
import type { Shown } from './shown.ts'
import { subscriptionList } from './subscription-list.ts'

export interface Tab {
  readonly id: string
  readonly title: string
  /** How many rows there are; null if it has no list. */
  count(account: Account): number | null
  content(shown: Shown, choice: Choice): Html
}

/** How many rows the overview shows of each list. */
const GLANCE = 5

/** The tabs of the control page. The first one is shown by default. */
export const TABS: readonly Tab[] = [
  { id: '', title: 'Overview', count: () => null, content: overview },
  list('subscriptions', 'Subscriptions', {
    all: (account) => account.subscriptions.all(),
    search: searches.subscriptions,
    show: (account, rows, back) => subscriptionList(account, rows, back),
  }),
  list('customers', 'Customers', {
    all: (account) => account.customers.all().filter((row) => !row.deleted),
    search: searches.customers,
    show: (_account, rows) => customerList(rows),
  }),
  list('payments', 'Payments', {
    all: (account) => account.charges.all(),
    search: searches.payments,
    show: (account, rows, back) => chargeList(account, rows, { back, named: true }),
  }),
  list('invoices', 'Invoices', {
    all: (account) => account.invoices.all().filter((row) => !row.deleted),
    search: searches.invoices,
    show: (account, rows) => invoiceList(account, rows, { named: true }),
  }),
  list('events', 'Events', {
    all: (account) => account.events.all(),
    search: searches.events,
    show: (account, rows, back) => eventList(account, rows, back),
  }),
  {
    id: 'failures',
    title: 'Failures',
    count: () => null,
    content: (shown, choice) => chaosForms(shown, pathOf(choice)),
  },
]

function overview({ account }: Shown, choice: Choice): Html {
  const here = pathOf(choice)
  const newest = <Row>(rows: readonly Row[]): Row[] => rows.slice(-GLANCE).toReversed()
  return html`<div class="grid two">
      ${section('checkout', 'Checkout', checkoutPanel(account, here))}
      ${section('portal', 'Customer portal', portalPanel(account, here))}
    </div>
    ${section('newest-subscriptions', 'Newest subscriptions', subscriptionList(account, newest(account.subscriptions.all()), here))}
    ${section('newest-events', 'Newest events', eventList(account, newest(account.events.all()), here))}`
}

interface ListTab<Row> {
  all(account: Account): readonly Row[]
  search(account: Account): Search<Row>
  show(account: Account, rows: readonly Row[], back: string): Html
}

function list<Row>(id: string, title: string, { all, search, show }: ListTab<Row>): Tab {
  return {
    id,
    title,
    count: (account) => all(account).length,
    content({ account }, choice) {
      const how = search(account)
      const rows = all(account)
      const found = find(rows, choice, how)
      const isEmpty = found.rows.length === 0 && rows.length > 0
      return section(
        id,
        title,
        html`${rows.length > 0 && searchForm(choice, how)}
        ${isEmpty ? html`<p class="muted">Nothing matches.</p>` : show(account, found.rows, pathOf(choice))}
        ${pages(choice, found.total)}`,
      )
    },
  }
}
