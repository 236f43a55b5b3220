import { formatMoney } from '../money.ts'
import { brandName } from '../pages/card-form.ts'
import { html, type Html } from '../pages/html.ts'
import { document } from '../pages/layout.ts'
import { tag } from '../pages/tags.ts'
import type { CustomerRow } from '../state/rows/customer.ts'
import type { EventRow } from '../state/rows/webhook.ts'
import { formatMoment } from '../time.ts'
import { customerControls } from './customer-controls.ts'
import { eventList } from './event-list.ts'
import type { Flash } from './flashes.ts'
import { chargeList, invoiceList } from './money-lists.ts'
import { flashed } from './overview-page.ts'
import { section } from './section.ts'
import type { Shown } from './shown.ts'
import { subscriptionList } from './subscription-list.ts'
import { timeForms } from './time-forms.ts'

const EVENTS = 30

/** The control page of one customer. */
export function customerPage(shown: Shown, customer: CustomerRow, flash: Flash | undefined): Html {
  const { account } = shown
  const { id } = customer
  const here = `/_/customers/${id}`
  const cards = account.paymentMethods.by('customer', id)
  const [subscriptions, charges, invoices] = [
    account.subscriptions.by('customer', id).toReversed(),
    account.charges.by('customer', id).toReversed(),
    account.invoices.by('customer', id).toReversed(),
  ]
  const events = account.events
    .all()
    .filter((event) => isAbout(event, id))
    .slice(-EVENTS)
    .toReversed()
  return document(
    customer.email ?? id,
    html`<p><a href="/_/">← All controls</a></p>
      <h1>${customer.email ?? customer.name ?? id}</h1>
      ${flashed(flash)}
      <section class="panel" aria-label="Customer">
        <dl>
          <dt>ID</dt>
          <dd><code>${id}</code> ${customer.deleted && tag('deleted', 'calm')}</dd>
          ${
            customer.name !== null &&
            html`<dt>Name</dt>
              <dd>${customer.name}</dd>`
          }
          <dt>Created</dt>
          <dd>${formatMoment(customer.created)}</dd>
          ${
            customer.balance !== 0 &&
            html`<dt>Balance</dt>
              <dd>${formatMoney(customer.balance, customer.currency ?? 'usd')}</dd>`
          }
          <dt>Cards</dt>
          <dd>
            ${cards.length === 0 && 'none'}
            ${cards.map((card) => html`${brandName(card.card.brand)} ending in ${card.card.last4} ${card.id === customer.default_payment_method && tag('default', 'calm')} `)}
          </dd>
        </dl>
        ${!customer.deleted && html`<div class="bar">${customerControls(customer, here)}</div>`}
      </section>
      ${timeForms(shown, here, customer.test_clock)}
      ${section('subscriptions', 'Subscriptions', subscriptionList(account, subscriptions, here))}
      <div class="grid two">
        ${section('charges', 'Payments', chargeList(account, charges, { back: here }))}
        ${section('invoices', 'Invoices', invoiceList(account, invoices))}
      </div>
      ${section('events', 'Events and deliveries', eventList(account, events, here))}`,
    { wide: true },
  )
}

function isAbout({ object }: EventRow, customer: string): boolean {
  return object['customer'] === customer || object['id'] === customer
}
