import { cardByNumber, type TestCard } from '../payments/test-cards.ts'
import type { Decline } from '../state/rows/payment.ts'
import { html, type Html } from './html.ts'

/** A card as its holder typed it. */
export interface TypedCard {
  readonly card: TestCard
  readonly exp_month: number
  readonly exp_year: number
}

/** The fields of a card; a browser fills them in by their `autocomplete`. */
export function cardFields(): Html {
  return html` <label for="cardNumber">Card number</label>
    <input
      id="cardNumber"
      name="cardNumber"
      autocomplete="cc-number"
      inputmode="numeric"
      placeholder="4242 4242 4242 4242"
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
          required
        />
      </div>
      <div>
        <label for="cardCvc">CVC</label
        ><input id="cardCvc" name="cardCvc" autocomplete="cc-csc" inputmode="numeric" placeholder="123" required />
      </div>
    </div>
    <label for="billingName">Cardholder name</label>
    <input id="billingName" name="billingName" autocomplete="cc-name" required />`
}

/** Reads what {@link cardFields} sent, or says what is wrong with it. */
export function readCard(form: Readonly<Record<string, unknown>>): TypedCard | Decline {
  const card = cardByNumber(textOf(form['cardNumber']))
  if (!('behaviour' in card)) return card
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

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
