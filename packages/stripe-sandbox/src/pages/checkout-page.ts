import { priceParts } from '../amounts/price-parts.ts'
import { asksForCard } from '../checkout/asks-for-card.ts'
import { boundsOf } from '../checkout/chosen-amounts.ts'
import { dueAtRenewal, dueToday } from '../checkout/due-today.ts'
import { asOffered } from '../checkout/subscribe-first.ts'
import { formatMoney, formatUnitAmount } from '../money.ts'
import { sessionLineAmounts, sessionShipping, sessionTotal, startsWithTrial } from '../resources/session-amounts.ts'
import type { Account } from '../state/account.ts'
import { linePrice, priceIn } from '../state/price-in.ts'
import type { PriceRow } from '../state/rows/catalogue.ts'
import type { CheckoutSessionRow, SessionLine } from '../state/rows/checkout.ts'
import { cardFields, testCards, textOf, type Typed } from './card-form.ts'
import { isEmbedded } from './embedding.ts'
import { html, type Html } from './html.ts'
import { document } from './layout.ts'
import { merchantName } from './merchant.ts'
import { amountField, orderFields, quantityField } from './order-fields.ts'
import { intervalText, priceText } from './price-text.ts'
import { shippingFields } from './shipping-fields.ts'
import { taxFields } from './tax-fields.ts'

interface Shown {
  readonly error?: string
  /** What has changed since the page was shown. */
  readonly note?: string
  readonly email?: string
  /** What the customer had typed before the error. */
  readonly typed?: Typed
}

/** The checkout page of an open session: one form, no script. */
export function checkoutPage(
  account: Account,
  { id }: Pick<CheckoutSessionRow, 'id'>,
  { error, email, note, typed }: Shown = {},
): Html {
  const session = asOffered(account.checkoutSessions.get(id))
  const amountDue = dueToday(account, session)
  const due = formatMoney(amountDue, session.currency ?? 'usd')
  const verb = verbOf(account, session, due)
  const known = session.customer === null ? session.customer_email : account.customers.get(session.customer).email
  const { settings } = account
  const [first] = session.lines
  const product = first && account.products.get(account.prices.get(first.price).product).name
  return document(
    `${verb} · ${settings.merchantName}`,
    html`<div class="checkout">
      <section class="panel what">
        ${merchantName(settings)}
        <h1>
          ${session.mode === 'setup' ? 'Save your card' : session.mode === 'payment' ? `Pay for ${product}` : `Subscribe to ${product}`}
        </h1>
        ${
          session.mode === 'setup'
            ? html`<p class="muted">Nothing is due today.</p>`
            : html`<p class="amount">${due}</p>
                <p class="muted">due today</p>`
        }
        ${trialText(account, session)}
        <ul class="lines">
          ${session.lines.map((line) => lineText(account, session, line))} ${sumTexts(account, session, amountDue)}
        </ul>
        ${enterButton(account, session)} ${orderFields(account, session)}
        ${session.allow_promotion_codes && promotionFields(account, session, typed)}
        ${session.cancel_url !== null && html`<p><a href="${session.cancel_url}">Cancel and go back</a></p>`}
      </section>
      <section class="panel form" aria-labelledby="pay-title">
        <h2 id="pay-title">${titleOf(account, session)}</h2>
        ${error && html`<p role="alert">${error}</p>`} ${note && html`<p role="status">${note}</p>`}
        <form id="pay" method="post" action="/c/pay/${session.id}">
          <input type="hidden" name="formToken" value="${session.formToken}" />
          <label for="email">Email</label>
          ${
            known === null
              ? html`<input
                  id="email"
                  name="email"
                  type="email"
                  autocomplete="email"
                  value="${email ?? ''}"
                  required
                />`
              : html`<input id="email" name="email" type="email" autocomplete="email" value="${known}" readonly />`
          }
          ${shippingFields(account, session, typed)} ${taxFields(session, typed)}
          <input type="hidden" name="due" value="${amountDue}" />
          ${asksForCard(account, session) && cardFields(typed)}
          <button type="submit">${verb}</button>
          ${consent(account, session)}
        </form>
      </section>
      ${asksForCard(account, session) && testCards('pay')}
    </div>`,
    { wide: true, merchant: settings, embedded: isEmbedded(session) },
  )
}

function titleOf(account: Account, session: CheckoutSessionRow): string {
  if (!asksForCard(account, session)) return 'Your details'
  return session.mode === 'setup' ? 'Your card' : 'Pay with a card'
}

const SUBMIT_VERBS: ReadonlyMap<unknown, string> = new Map([
  ['book', 'Book'],
  ['donate', 'Donate'],
])

function verbOf(account: Account, session: CheckoutSessionRow, due: string): string {
  if (session.mode === 'setup') return 'Save card'
  const submitType = account.echoes.find(session.id)?.fields['submit_type']
  if (session.mode === 'payment') return `${SUBMIT_VERBS.get(submitType) ?? 'Pay'} ${due}`
  return startsWithTrial(session) ? 'Start trial' : 'Subscribe'
}

/** What the customer agrees to by pressing the button. A single payment renews nothing. */
function consent(account: Account, session: CheckoutSessionRow): Html | null {
  if (session.mode !== 'subscription' || !asksForCard(account, session)) return null
  const when = startsWithTrial(session)
    ? 'when your trial ends and at each renewal after that'
    : 'now and at each renewal'
  return html`<p class="consent">
    You let ${account.settings.merchantName} charge your card ${when} (${renewalText(account, session)}) until you
    cancel. You can cancel at any time.
  </p>`
}

/** What a renewal costs: `$19.00 a month`, and what is metered: `$19.00 a month and $0.02 per unit used a month`. */
function renewalText(account: Account, session: CheckoutSessionRow): string {
  const prices = session.lines.map((line) => priceIn(account, line.price, session.currency))
  // All recurring prices of a session have the same interval.
  const recurring = prices.find((price) => price.recurring !== null && price.meter === null)?.recurring
  const money = (): string => formatMoney(dueAtRenewal(account, session), session.currency ?? 'usd')
  const metered = prices.filter((price) => price.meter !== null).map((price) => priceText(price))
  return [...(recurring ? [`${money()} ${intervalText(recurring)}`] : []), ...metered].join(' and ')
}

/** How the lines become what is due today: discount, tax, balance and the total. Empty for one line at its price. */
function sumTexts(account: Account, session: CheckoutSessionRow, due: number): Html {
  const lines = sessionLineAmounts(account, session)
  const money = (amount: number): string => formatMoney(amount, session.currency ?? 'usd')
  const discount = lines.reduce((sum, line) => sum + line.discount, 0)
  const shipping = sessionShipping(account, session)
  const tax = lines.reduce((sum, line) => sum + line.tax, 0) + (shipping?.tax ?? 0)
  const applied = due - sessionTotal(account, session)
  const code = session.discounts[0]?.promotion_code
  const named = code ? `Discount (${account.promotionCodes.get(code).code})` : 'Discount'
  const sums: [text: string, amount: number][] = [
    [named, -discount],
    [`Shipping (${shippingName(account, session)})`, shipping?.subtotal ?? 0],
    ['Tax', tax],
    ['Applied balance', applied],
  ]
  const shown = sums.filter(([, amount]) => amount !== 0)
  if (shown.length === 0 && lines.length < 2) return html``
  return html`${shown.map(([text, amount]) => html`<li><span>${text}</span><span>${money(amount)}</span></li>`)}
    <li><b>Total due today</b><b>${money(due)}</b></li>`
}

function shippingName(account: Account, { shipping_rate }: CheckoutSessionRow): string {
  return shipping_rate === undefined ? '' : account.shippingRates.get(shipping_rate).display_name
}

/**
 * The first button of a form is the one that Enter presses: it goes on, and applies a new code, new quantities or a new amount first.
 */
function enterButton(
  account: Account,
  { allow_promotion_codes, currency, lines, optional_items }: CheckoutSessionRow,
): Html | null {
  if (
    !allow_promotion_codes &&
    !optional_items &&
    lines.every((line) => line.adjustable === undefined && !boundsOf(account, line, currency ?? 'usd'))
  )
    return null
  return html`<button form="pay" class="enter" formnovalidate tabindex="-1" aria-hidden="true">Continue</button>`
}

/**
 * The field for a promotion code. It belongs to the form that pays, so that nothing typed there is lost when a code is
 * applied.
 */
function promotionFields(account: Account, { discounts, id }: CheckoutSessionRow, typed: Typed = {}): Html {
  const code = discounts[0]?.promotion_code
  const shown = textOf(typed['promotionCode']) || (code ? account.promotionCodes.get(code).code : '')
  return html`<label for="promotionCode">Promotion code</label>
    <input id="promotionCode" name="promotionCode" form="pay" autocomplete="off" value="${shown}" />
    <button form="pay" formaction="/c/pay/${id}/promotion-code" formnovalidate class="plain">Apply</button>`
}

function lineText(account: Account, { currency }: CheckoutSessionRow, line: SessionLine): Html {
  const { quantity } = line
  const price = linePrice(account, line, currency)
  const { name, description } = account.products.get(price.product)
  return html`<li>
    <span
      >${quantity > 1 && `${quantity} × `}${name}${description !== null && html`<br /><span class="muted">${description}</span>`}${tierTexts(price, quantity).map((text) => html`<br /><span class="muted">${text}</span>`)}${quantityField(account, line)}${amountField(account, line, price.currency)}</span
    ><span>${priceText(price, quantity)}</span>
  </li>`
}

/** How the tiers of a price add up: `Tier 1: $20.00`, `Tier 2: 2 × $5.00`. Empty if it is not tiered. */
function tierTexts(price: PriceRow, quantity: number): string[] {
  return priceParts(price, quantity).flatMap(({ amount, quantity: units, tier, unit }) => {
    if (tier === null) return []
    const cost =
      unit === null ? formatMoney(amount, price.currency) : `${units} × ${formatUnitAmount(unit, price.currency)}`
    return [`Tier ${tier}: ${cost}`]
  })
}

function trialText(account: Account, session: CheckoutSessionRow): Html | null {
  const { trial_end, trial_period_days } = session.subscription_data
  if (!startsWithTrial(session)) return null
  const length =
    trial_period_days === null
      ? `until ${new Date((trial_end ?? 0) * 1000).toISOString().slice(0, 10)}`
      : `for ${trial_period_days} days`
  return html`<p>Free ${length}, then ${renewalText(account, session)}.</p>`
}
