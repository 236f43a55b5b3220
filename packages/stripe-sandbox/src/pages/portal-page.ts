import { formatMoney } from '../money.ts'
import { offeredPrices } from '../portal/offered-prices.ts'
import { canResume, itemsToConfirm } from '../portal/portal-actions.ts'
import { pausesOffered } from '../portal/portal-pauses.ts'
import { waitsForPeriodEnd } from '../portal/schedule-plan.ts'
import { amountDueOf } from '../resources/invoice.ts'
import { featuresOfSession } from '../resources/portal-features.ts'
import type { Account } from '../state/account.ts'
import { priceIn } from '../state/price-in.ts'
import type { PortalSessionRow } from '../state/rows/checkout.ts'
import type { PaymentMethodRow } from '../state/rows/customer.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { formatDate } from '../time.ts'
import { brandName, cardFields, testCards } from './card-form.ts'
import { html, Html } from './html.ts'
import { document } from './layout.ts'
import { merchantName } from './merchant.ts'
import { detailsPart } from './portal-details.ts'
import { priceText } from './price-text.ts'
import { invoiceTag, subscriptionTag } from './tags.ts'

/** The customer's words for Stripe's statuses. */
const WORDS: Readonly<Record<SubscriptionRow['status'], string>> = {
  incomplete: 'Not paid yet',
  incomplete_expired: 'Never paid',
  trialing: 'In trial',
  active: 'Active',
  past_due: 'Payment failed',
  canceled: 'Ended',
  unpaid: 'Unpaid',
  paused: 'Paused',
}

/** A customer's portal page. A session with a flow shows only the step of the flow. */
export function portalPage(account: Account, session: PortalSessionRow, error?: string): Html {
  const features = featuresOfSession(account, session)
  const { flow } = session
  const shows = (type: NonNullable<typeof flow>['type'], feature: boolean): boolean =>
    flow ? flow.type === type : feature
  const subscriptions = account.subscriptions
    .by('customer', session.customer)
    .filter((row) => row.ended_at === null && (flow?.subscription == null || row.id === flow.subscription))
  return document(
    'Your billing',
    html`${session.return_url !== null && html`<p><a href="${session.return_url}">← Return</a></p>`}
      ${merchantName(account.settings)}
      <h1>Your billing</h1>
      <p class="muted">${account.customers.get(session.customer).email}</p>
      ${error !== undefined && html`<p role="alert">${error}</p>`}
      ${subscriptions.map((row) => subscriptionPart(account, session, row, { cancel: shows('subscription_cancel', features.subscription_cancel.enabled) }))}
      ${detailsPart(account, session)}
      ${shows('payment_method_update', features.payment_method_update) && cardPart(account, session)}
      ${shows('payment_method_update', features.payment_method_update) && testCards('card', 'Or save a test card')}
      ${!flow && features.invoice_history && invoicePart(account, session)}`,
    { merchant: account.settings },
  )
}

function subscriptionPart(
  account: Account,
  session: PortalSessionRow,
  row: SubscriptionRow,
  { cancel }: { cancel: boolean },
): Html {
  const lines = row.items.map(({ price: id, quantity }) => ({ price: priceIn(account, id, row.currency), quantity }))
  const names = lines.map(({ price }) => account.products.get(price.product).name).join(', ')
  const end = formatDate(row.cancel_at ?? Math.min(...row.items.map((item) => item.current_period_end)))
  const ending = row.cancel_at !== null || row.cancel_at_period_end
  const next = ending ? 'Ends' : row.status === 'trialing' ? 'The trial ends' : 'Renews'
  return html`<section class="panel" aria-labelledby="${row.id}">
    <h2 id="${row.id}">${names}</h2>
    <p>${lines.map(({ price, quantity }) => priceText(price, quantity)).join(' + ')}</p>
    <p>${subscriptionTag(row, WORDS[row.status])} ${next} on ${end}.</p>
    ${planPart(account, session, row)}
    ${!session.flow && row.status === 'paused' && button(session, row, 'end_pause', 'Resume subscription')}
    ${pausesOffered(account, session, row).map((pause, index) => button(session, row, 'pause', pause === null ? 'Pause subscription' : `Pause for ${pause.interval_count} ${pause.interval}${pause.interval_count === 1 ? '' : 's'}`, index))}
    ${cancel && !ending && button(session, row, 'cancel', 'Cancel subscription')}
    ${canResume(account, session, row) && button(session, row, 'resume', "Don't cancel")}
  </section>`
}

function planPart(account: Account, session: PortalSessionRow, row: SubscriptionRow): Html | null {
  const { flow } = session
  const end = formatDate(Math.min(...row.items.map((item) => item.current_period_end)))
  const { subscription_update: update } = featuresOfSession(account, session)
  const isCredited = update.proration_behavior !== 'none' && row.status !== 'trialing'
  const credit = isCredited && ' You get credit for the unused time of the old one.'
  const confirmed = itemsToConfirm(session, row)
  if (confirmed) {
    const [item] = flow?.items ?? []
    const price = item && priceIn(account, item.price, row.currency)
    if (!price) return null
    const waits = waitsForPeriodEnd(account, row, confirmed, update)
    const label = `Change to ${account.products.get(price.product).name} at ${priceText(price, item.quantity)}`
    return html`<p class="muted">${startText(waits ? 1 : 0, 1, end)}${!waits && credit}</p>
      ${button(session, row, 'change_plan', label)}`
  }
  if (flow && flow.type !== 'subscription_update') return null
  const prices = offeredPrices(account, session, row)
  if (prices.length === 0) return null
  const [first] = row.items
  const waiting = prices.filter(
    ({ id: price }) =>
      first &&
      waitsForPeriodEnd(
        account,
        row,
        [{ id: first.id, price, quantity: first.quantity, metadata: first.metadata }],
        update,
      ),
  )
  return html`<form method="post" action="/p/session/${session.token}">
    <input type="hidden" name="subscription" value="${row.id}" />
    <label for="price-${row.id}">New plan</label>
    <select id="price-${row.id}" name="price">
      ${prices.map((price) => html`<option value="${price.id}">${account.products.get(price.product).name}: ${priceText(price, first?.quantity)}${waiting.includes(price) && ` from ${end}`}</option>`)}
    </select>
    <p class="muted">${startText(waiting.length, prices.length, end)}${waiting.length < prices.length && credit}</p>
    <button name="action" value="change_plan" class="plain">Change plan</button>
  </form>`
}

/** When a new plan starts. `waiting` is how many of the offered plans wait for the end of the period. */
function startText(waiting: number, offered: number, end: string): string {
  if (waiting === 0) return 'The new plan starts right away.'
  return waiting === offered
    ? `The new plan starts on ${end}, at the end of your current period.`
    : 'A plan with a date starts on that date. All others start right away.'
}

function button(session: PortalSessionRow, row: SubscriptionRow, action: string, label: string, option?: number): Html {
  const chosen = option !== undefined && html`<input type="hidden" name="option" value="${option}" />`
  return html`<form method="post" action="/p/session/${session.token}">
    <input type="hidden" name="subscription" value="${row.id}" />
    ${chosen}<button name="action" value="${action}" class="plain">${label}</button>
  </form>`
}

function cardPart(account: Account, session: PortalSessionRow): Html {
  const method = chargedCard(account, session.customer)
  return html`<section class="panel" aria-labelledby="card-title">
      <h2 id="card-title">Card</h2>
      ${method ? html`<p>Current card: ${brandName(method.card.brand)} ending in ${method.card.last4}</p>` : html`<p>No card yet.</p>`}
      <details${new Html(session.flow || !method ? ' open' : '')}>
        <summary>${method ? 'Change card' : 'Add card'}</summary>
        <form id="card" method="post" action="/p/session/${session.token}">
          ${cardFields()}<button name="action" value="change_card">Save card</button>
        </form>
      </details>
    </section>`
}

/** The card that renewals are charged to. Checkout saves it on the subscription, not on the customer. */
function chargedCard(account: Account, customer: string): PaymentMethodRow | null {
  const own = account.subscriptions
    .by('customer', customer)
    .findLast((row) => row.ended_at === null && row.default_payment_method !== null)
  const id = own?.default_payment_method ?? account.customers.get(customer).default_payment_method
  return id === null ? null : account.paymentMethods.get(id)
}

function invoicePart(account: Account, session: PortalSessionRow): Html {
  const invoices = account.invoices
    .by('customer', session.customer)
    .filter((invoice) => invoice.status !== 'draft' && !invoice.deleted)
  if (invoices.length === 0) return html``
  return html`<section class="panel" aria-labelledby="invoices-title">
    <h2 id="invoices-title">Invoices</h2>
    <ul class="lines">
      ${invoices.toReversed().map(
        (invoice) =>
          html`<li>
            <a href="/i/${invoice.id}">${formatDate(invoice.created)} <span class="muted">${invoice.number}</span></a
            ><span>${formatMoney(amountDueOf(account, invoice), invoice.currency)} ${invoiceTag(invoice)}</span>
          </li>`,
      )}
    </ul>
  </section>`
}
