import type { Timelines } from '../clock/timelines.ts'
import { html, type Html } from '../pages/html.ts'
import { document } from '../pages/layout.ts'
import { tag } from '../pages/tags.ts'
import type { Account } from '../state/account.ts'
import type { Chaos } from '../webhooks/chaos.ts'
import { chaosForms } from './chaos-forms.ts'
import { checkoutPanel } from './checkout-panel.ts'
import { eventList } from './event-list.ts'
import type { Flash } from './flashes.ts'
import { chargeList, invoiceList } from './money-lists.ts'
import { portalPanel } from './portal-panel.ts'
import { subscriptionList } from './subscription-list.ts'
import { timeForms } from './time-forms.ts'

export interface Shown {
  readonly account: Account
  readonly timelines: Timelines
  readonly chaos: Chaos
}

const HERE = '/_/'
const SHOWN = 15

/** The control page: clocks, customers, recent activity, and buttons for every kind of failure. */
export function overviewPage(shown: Shown, flash: Flash | undefined): Html {
  const { account } = shown
  const newest = <Row>(rows: readonly Row[]): Row[] => rows.slice(-SHOWN).toReversed()
  const customers = account.customers.all().filter((row) => !row.deleted)
  return document(
    'Controls',
    html`<h1>Stripe sandbox</h1>
      <nav aria-label="On this page">
        <a href="#checkout">Checkout</a> <a href="#subscriptions">Subscriptions</a> <a href="#customers">Customers</a>
        <a href="#payments">Payments</a> <a href="#failures">Failures</a> <a href="#portal">Portal</a>
        <a href="#events">Events</a>
      </nav>
      ${flashed(flash)} ${timeForms(shown, HERE)} ${section('checkout', 'Checkout', checkoutPanel(account, HERE))}
      ${section('subscriptions', 'Subscriptions', subscriptionList(account, newest(account.subscriptions.all()), HERE), account.subscriptions.size)}
      ${section(
        'customers',
        'Customers',
        customers.length === 0
          ? html`<p class="muted">None yet.</p>`
          : html`<ul class="rows">
              ${newest(customers).map(
                (row) =>
                  html`<li class="bar">
                    <a href="/_/customers/${row.id}">${row.email ?? row.name ?? row.id}</a>
                    <span class="muted">${row.name} ${row.id}</span>
                    ${row.failCharges !== null && tag(`charges fail: ${row.failCharges}`, 'bad')}
                  </li>`,
              )}
            </ul>`,
        customers.length,
      )}
      <div class="grid two" id="payments">
        ${section('charges', 'Payments', chargeList(account, newest(account.charges.all()), { back: HERE, named: true }), account.charges.size)}
        ${section('invoices', 'Invoices', invoiceList(account, newest(account.invoices.all()), { named: true }), account.invoices.size)}
      </div>
      <div id="failures">${chaosForms(shown, HERE)}</div>
      ${section('portal', 'Customer portal', portalPanel(account, HERE))}
      ${section('events', 'Events and deliveries', eventList(account, newest(account.events.all()), HERE), account.events.size)}
      <p class="muted">
        Programs can do the same with JSON: <code>POST /_/clock/advance {"days": 31}</code>; see
        <code>packages/stripe-sandbox/README.md</code>.
      </p>`,
    { wide: true },
  )
}

/** A section of the page. `count` is the total, of which only the newest are shown. */
export function section(id: string, title: string, content: Html, count = 0): Html {
  return html`<section class="panel" id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">
      ${title}${count > SHOWN && html` <span class="muted">the newest ${SHOWN} of ${count}</span>`}
    </h2>
    ${content}
  </section>`
}

export function flashed(flash: Flash | undefined): Html | null {
  if (!flash) return null
  return html`<p role="status" class="${flash.failed ? 'bad' : 'good'}">${flash.text}</p>`
}
