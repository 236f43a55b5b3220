import { cardByNumber, type TestCard } from '../payments/test-cards.ts'
import type { Decline } from '../state/rows/payment.ts'
import { html, type Html } from './html.ts'

/** A card as the customer typed it. */
export interface TypedCard {
  readonly card: TestCard
  readonly exp_month: number
  readonly exp_year: number
}

/** What was in the fields of a form that is shown again. */
export type Typed = Readonly<Record<string, unknown>>

/** The fields of a card, with `autocomplete` so that browsers can fill them in. A declined card stays in them. */
export function cardFields(typed: Typed = {}): Html {
  const value = (name: string) => html`value="${textOf(typed[name])}"`
  return html` <label for="cardNumber">Card number</label>
    <input
      id="cardNumber"
      name="cardNumber"
      autocomplete="cc-number"
      inputmode="numeric"
      placeholder="4242 4242 4242 4242"
      ${value('cardNumber')}
      required
    />
    <div class="row">
      <div>
        <label for="cardExpiry">Expiry (MM / YY)</label
        ><input
          id="cardExpiry"
          name="cardExpiry"
          autocomplete="cc-exp"
          inputmode="numeric"
          placeholder="12 / 34"
          ${value('cardExpiry')}
          required
        />
      </div>
      <div>
        <label for="cardCvc">CVC</label
        ><input
          id="cardCvc"
          name="cardCvc"
          autocomplete="cc-csc"
          inputmode="numeric"
          placeholder="123"
          ${value('cardCvc')}
          required
        />
      </div>
    </div>
    <label for="billingName">Cardholder name</label>
    <input id="billingName" name="billingName" autocomplete="cc-name" ${value('billingName')} required />`
}

/** The test cards that have a button, each with the text of the button. */
export const TEST_CARDS = [
  ['4242 4242 4242 4242', 'pays'],
  ['4000 0025 0000 3155', 'asks for authentication, then pays'],
  ['4000 0000 0000 0002', 'is declined'],
  ['4000 0000 0000 9995', 'has insufficient funds'],
  ['4000 0000 0000 0069', 'has expired'],
  ['4000 0000 0000 0341', 'can be saved, but every charge fails'],
  ['4000 0000 0000 0259', 'pays, then the payment is disputed'],
] as const

/**
 * A button for each test card. It submits the form with that card, whatever the form's fields contain.
 *
 * Place it after the form with the id `form`, so that Enter in a field still presses that form's own button.
 */
export function testCards(form: string, title = 'Or use a test card'): Html {
  return html`<section class="panel cards" aria-labelledby="test-cards">
    <h2 id="test-cards">${title}</h2>
    <p class="muted">One click fills in the form and submits it.</p>
    <ul class="deck">
      ${TEST_CARDS.map(
        ([number, what]) =>
          html`<li>
            <button form="${form}" formnovalidate name="testCard" value="${number}">
              <b>${number}</b> <span>${what}</span>
            </button>
          </li>`,
      )}
    </ul>
  </section>`
}

/**
 * Reads the card that {@link cardFields} or {@link testCards} submitted.
 *
 * @returns a decline if it is invalid.
 */
export function readCard(form: Readonly<Record<string, unknown>>): TypedCard | Decline {
  const pressed = textOf(form['testCard'])
  const card = cardByNumber(pressed || textOf(form['cardNumber']))
  if (!('behaviour' in card)) return card
  if (pressed) return { card, exp_month: 12, exp_year: new Date().getUTCFullYear() + 5 }
  const expiry = /^\s*(\d{1,2})\s*[/\- ]?\s*(\d{2}|\d{4})\s*$/.exec(textOf(form['cardExpiry']))
  const [exp_month, year] = [Number(expiry?.[1]), Number(expiry?.[2])]
  if (!expiry || exp_month < 1 || exp_month > 12)
    return { code: 'invalid_expiry_month', decline_code: null, message: "Your card's expiration month is invalid." }
  const exp_year = year < 100 ? 2000 + year : year
  const today = new Date()
  if (exp_year * 12 + exp_month < today.getUTCFullYear() * 12 + today.getUTCMonth() + 1) {
    return { code: 'invalid_expiry_year', decline_code: null, message: "Your card's expiration year is in the past." }
  }
  if (!/^\s*\d{3,4}\s*$/.test(textOf(form['cardCvc'])))
    return { code: 'invalid_cvc', decline_code: null, message: "Your card's security code is invalid." }
  return { card, exp_month, exp_year }
}

/** The display name of a brand: `visa` → `Visa`. */
export function brandName(brand: string): string {
  return BRANDS[brand] ?? brand
}

const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
