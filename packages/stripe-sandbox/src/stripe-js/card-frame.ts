import { createHash } from 'node:crypto'
import { TEST_CARDS } from '../pages/card-form.ts'
import { Html, html } from '../pages/html.ts'
import { STYLE } from '../pages/style.ts'
import { KNOWN_COUNTRIES } from '../taxes/rates.ts'
import { CARD_FRAME_SCRIPT } from './card-frame-script.ts'

/** The only script that the frame may run, for its Content-Security-Policy. */
export const CARD_FRAME_SCRIPT_HASH = `'sha256-${createHash('sha256').update(CARD_FRAME_SCRIPT).digest('base64')}'`

const NAMES = new Intl.DisplayNames('en', { type: 'region' })
const FRAME_STYLE = `:root { color-scheme: light; } body { background: none; } form { padding: 2px; } label { margin-top: .5rem; } [hidden] { display: none; } select { min-height: 2.75rem; }
.one { display: flex; border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: var(--surface); } .one input { border: 0; min-width: 0; flex: 1 1 4.5rem; background: none; } .one [data-part=number] { flex-grow: 3; }
fieldset { margin: 0 0 .4rem; } legend { font-size: .88rem; } .saved { display: flex; align-items: center; gap: .6rem; padding: .3rem 0; } .saved label { flex: 1; margin: 0; font-weight: 400; } .saved input { width: auto; margin: 0; accent-color: var(--brand); }`

/** The Elements that take a card: the entire one, or a part of it. */
export const CARD_FRAMES = ['payment', 'card', 'cardNumber', 'cardExpiry', 'cardCvc'] as const

/**
 * The page in an Element's frame. Its names, ids and labels are those of Stripe's frames, so that an app's tests find
 * the fields.
 */
export function cardFrame(kind: (typeof CARD_FRAMES)[number]): Html {
  return frameDocument(
    'Card',
    html`<form data-kind="${kind}" autocomplete="on" novalidate>
      ${kind === 'payment' ? fields() : oneLine(LINES[kind])}
    </form>`,
    CARD_FRAME_SCRIPT,
  )
}

const LINES = {
  card: ['number', 'expiry', 'cvc', 'postal'],
  cardNumber: ['number'],
  cardExpiry: ['expiry'],
  cardCvc: ['cvc'],
} as const

/** A page in an Element's frame: a form and its script. */
export function frameDocument(title: string, form: Html, script: string): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE + FRAME_STYLE)}
        </style>
      </head>
      <body>
        ${form} ${new Html(`<script>${script}</script>`)}
      </body>
    </html>`
}

const INPUTS = {
  number: html`<input
    data-part="number"
    name="cardnumber"
    aria-label="Credit or debit card number"
    autocomplete="cc-number"
    inputmode="numeric"
    placeholder="Card number"
  />`,
  expiry: html`<input
    data-part="expiry"
    name="exp-date"
    aria-label="Credit or debit card expiration date"
    autocomplete="cc-exp"
    inputmode="numeric"
    placeholder="MM / YY"
  />`,
  cvc: html`<input
    data-part="cvc"
    name="cvc"
    aria-label="Credit or debit card CVC/CVV"
    autocomplete="cc-csc"
    inputmode="numeric"
    placeholder="CVC"
  />`,
  postal: html`<input
    data-part="postal"
    name="postal"
    aria-label="ZIP"
    autocomplete="postal-code"
    placeholder="ZIP"
  />`,
}

const oneLine = (parts: readonly (keyof typeof INPUTS)[]): Html =>
  html`<div class="one">${parts.map((part) => INPUTS[part])}</div>`

function fields(): Html {
  return html`<fieldset data-place="saved" hidden>
      <legend>Saved payment methods</legend>
    </fieldset>
    <div data-place="new">${newCard()}</div>
    <p role="alert" hidden></p>`
}

function newCard(): Html {
  return html`<label for="Field-numberInput">Card number</label>
    <input
      id="Field-numberInput"
      data-part="number"
      name="number"
      autocomplete="cc-number"
      inputmode="numeric"
      placeholder="1234 1234 1234 1234"
    />
    <div class="row">
      <div>
        <label for="Field-expiryInput">Expiration date</label>
        <input
          id="Field-expiryInput"
          data-part="expiry"
          name="expiry"
          autocomplete="cc-exp"
          inputmode="numeric"
          placeholder="MM / YY"
        />
      </div>
      <div>
        <label for="Field-cvcInput">Security code</label>
        <input
          id="Field-cvcInput"
          data-part="cvc"
          name="cvc"
          autocomplete="cc-csc"
          inputmode="numeric"
          placeholder="CVC"
        />
      </div>
    </div>
    <div class="row">
      <div data-place="country">
        <label for="Field-countryInput">Country</label>
        <select id="Field-countryInput" data-part="country" name="country" autocomplete="country">
          ${KNOWN_COUNTRIES.map((code) => html`<option value="${code}" ${code === 'US' && html`selected`}>${NAMES.of(code)}</option>`)}
        </select>
      </div>
      <div data-place="postal">
        <label for="Field-postalCodeInput">ZIP Code</label>
        <input
          id="Field-postalCodeInput"
          data-part="postal"
          name="postalCode"
          autocomplete="postal-code"
          placeholder="12345"
        />
      </div>
    </div>
    <div data-place="save" hidden>
      <label><input type="checkbox" data-part="save" name="save" /> Save payment details for future purchases</label>
    </div>
    <label for="test-card">Fill in a test card</label>
    <select id="test-card" data-part="test">
      <option value="">Choose a test card</option>
      ${TEST_CARDS.map(([number, what]) => html`<option value="${number}">${number} ${what}</option>`)}
    </select>`
}
