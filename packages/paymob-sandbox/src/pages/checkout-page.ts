import { formatMoney } from '../money.ts'
import { TEST_CARDS, spaced } from '../payments/test-cards.ts'
import { maskedPan } from '../resources/subscription.ts'
import type { Merchant } from '../state/account.ts'
import type { CardRow, IntentionRow, PlanRow } from '../state/rows.ts'
import { html, type Html } from './html.ts'
import { document } from './layout.ts'
import { merchantName, merchantStyle } from './merchant.ts'

interface Shown {
  readonly publicKey: string
  readonly merchant: Merchant
  readonly intention: IntentionRow
  readonly plan: PlanRow | undefined
  /** The customer's saved cards that the intention offers. */
  readonly savedCards: readonly CardRow[]
  readonly error?: string | undefined
}

/** The checkout page of an open intention: one form, no script. */
export function checkoutPage({ publicKey, merchant, intention, plan, savedCards, error }: Shown): Html {
  const amount = formatMoney(intention.amount, intention.currency)
  return document(
    'Checkout',
    html`${merchantStyle(merchant)}
      <h1>Checkout</h1>
      ${error !== undefined && html`<p role="alert">${error}</p>`}
      <div class="checkout">
        <section class="panel what" aria-label="Order">
          ${merchantName(merchant)}
          <p class="amount">${amount}</p>
          <ul class="lines">
            ${intention.items.map((item) => html`<li><span>${item.name}</span> <span>${formatMoney(item.amount, intention.currency)}</span></li>`)}
          </ul>
          ${plan && html`<p>${renewalText(plan, intention)}</p>`}
          <p class="muted">Order ${intention.id}, reference ${intention.specialReference ?? 'none'}</p>
        </section>
        <form id="form" class="panel form" method="post" action="/unifiedcheckout/">
          <input type="hidden" name="publicKey" value="${publicKey}" />
          <input type="hidden" name="clientSecret" value="${intention.clientSecret}" />
          <h2>Pay by card</h2>
          ${cardFields(intention)}
          <button>Pay ${amount}</button>
        </form>
        <section class="panel cards" aria-labelledby="test-cards">
          <h2 id="test-cards">Or use a test card</h2>
          <p class="muted">One click fills in the form and submits it.</p>
          <ul class="deck">
            ${savedCards.map(
              (card) =>
                html`<li>
                  <button form="form" formnovalidate name="savedCard" value="${card.token}">
                    <b>${maskedPan(card.number)}</b> <span>is saved</span>
                  </button>
                </li>`,
            )}
            ${TEST_CARDS.map(
              (card) =>
                html`<li>
                  <button form="form" formnovalidate name="testCard" value="${spaced(card.number)}">
                    <b>${spaced(card.number)}</b> <span>${card.what}</span>
                  </button>
                </li>`,
            )}
          </ul>
          <h2>Or choose what happens</h2>
          <div class="bar">
            ${OUTCOMES.map(
              ([outcome, label]) =>
                html`<button form="form" formnovalidate class="small plain" name="outcome" value="${outcome}">
                  ${label}
                </button>`,
            )}
          </div>
        </section>
      </div>`,
    { wide: true },
  )
}

const OUTCOMES = [
  ['approve', 'Approve'],
  ['decline', 'Decline'],
  ['fail_3ds', '3-D Secure fails'],
  ['abandon', 'Leave the page'],
] as const

function renewalText(plan: PlanRow, { currency, amount, subscriptionStartDate }: IntentionRow): string {
  const renewal = formatMoney(plan.useTransactionAmount ? amount : plan.amountCents, currency)
  const start = plan.useTransactionAmount ? null : subscriptionStartDate
  return `${plan.name}: ${renewal} every ${plan.frequency} days${start === null ? '' : `, from ${start}`}.`
}

function cardFields({ billingData }: IntentionRow): Html {
  return html`<label for="cardNumber">Card number</label>
    <input
      id="cardNumber"
      name="cardNumber"
      autocomplete="cc-number"
      inputmode="numeric"
      placeholder="5123 4567 8901 2346"
      required
    />
    <div class="row">
      <div>
        <label for="cardExpiry">Expiry (MM / YY)</label>
        <input
          id="cardExpiry"
          name="cardExpiry"
          autocomplete="cc-exp"
          inputmode="numeric"
          placeholder="01 / 39"
          required
        />
      </div>
      <div>
        <label for="cardCvc">CVV</label>
        <input id="cardCvc" name="cardCvc" autocomplete="cc-csc" inputmode="numeric" placeholder="123" required />
      </div>
    </div>
    <label for="billingName">Cardholder name</label>
    <input
      id="billingName"
      name="billingName"
      autocomplete="cc-name"
      value="${billingData.first_name} ${billingData.last_name}"
      required
    />
    <label><input type="checkbox" name="saveCard" value="yes" />Save the card</label>`
}
