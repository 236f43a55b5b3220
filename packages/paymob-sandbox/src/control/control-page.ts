import type { Paymob } from '../callbacks/paymob.ts'
import { momentOf, TIME_ZONES } from '../dates.ts'
import { CURRENCIES, formatMoney } from '../money.ts'
import { html, type Html } from '../pages/html.ts'
import { document } from '../pages/layout.ts'
import { tag } from '../pages/tags.ts'
import { isPayable } from '../payments/charge.ts'
import { nextDueAt } from '../subscriptions/due.ts'
import { badDayForms } from './bad-day-forms.ts'
import { callbackList } from './callback-list.ts'
import type { Flash } from './flashes.ts'
import { formButton } from './form-button.ts'
import { paymentList, subscriptionList } from './money-lists.ts'
import { section, SHOWN } from './section.ts'

/** The control page: the clock, everything that exists, and a button for every kind of failure. */
export function controlPage(paymob: Paymob, flash: Flash | undefined): Html {
  const { state, account } = paymob
  const open = state.intentions.all().filter(isPayable)
  return document(
    'Controls',
    html`<h1>Paymob sandbox</h1>
      <nav aria-label="On this page">
        <a href="#checkout">Checkout</a> <a href="#subscriptions">Subscriptions</a> <a href="#payments">Payments</a>
        <a href="#chaos">Failures</a> <a href="#callbacks">Callbacks</a> <a href="#keys">Keys</a>
      </nav>
      ${flash && html`<p role="status" class="${flash.failed ? 'bad' : 'good'}">${flash.text}</p>`} ${timePanel(paymob)}
      ${section('checkout', 'Checkout', checkoutPanel(paymob, open), open.length)}
      ${section('subscriptions', 'Subscriptions', subscriptionList(paymob, newest(state.subscriptions.all())), state.subscriptions.size)}
      ${section('payments', 'Payments', paymentList(paymob, newest(state.transactions.all())), state.transactions.size)}
      ${badDayForms(paymob)}
      ${section('callbacks', 'Callbacks', callbackList(paymob, newest(state.callbacks.all())), state.callbacks.size)}
      ${section(
        'keys',
        'Keys',
        html`<dl>
          <dt>Secret key</dt>
          <dd><code>${account.secretKey}</code></dd>
          <dt>Public key</dt>
          <dd><code>${account.publicKey}</code></dd>
          <dt>API key</dt>
          <dd><code>${account.apiKey}</code></dd>
          <dt>HMAC secret</dt>
          <dd><code>${account.hmacSecret}</code></dd>
          <dt>Integrations</dt>
          <dd>
            ${account.integrations.card} (3-D Secure), ${account.integrations.moto} (MOTO), ${account.integrations.auth}
            (auth), ${account.integrations.verification} (verification)
          </dd>
          <dt>Callbacks</dt>
          <dd>${account.callbackUrl ?? 'where each intention and plan says'}</dd>
        </dl>`,
      )}
      <p class="muted">
        Programs can do the same with JSON: <code>POST /_/clock/advance {"days": 31}</code>; see
        <code>packages/paymob-sandbox/README.md</code>.
      </p>`,
    { wide: true },
  )
}

function newest<Row>(rows: readonly Row[]): Row[] {
  return rows.slice(-SHOWN).toReversed()
}

function timePanel(paymob: Paymob): Html {
  const { account, clock } = paymob
  const due = nextDueAt(paymob)
  return html`<section class="panel" aria-label="Time">
    <p>
      <strong>${momentOf(account.region, clock.now())}</strong> <span class="muted">${TIME_ZONES[account.region]}</span>
    </p>
    <p class="muted">${due === null ? 'Nothing is due.' : `Next due: ${momentOf(account.region, due)}`}</p>
    <form method="post" action="/_/buttons/advance" class="bar">
      <button class="small" name="by" value="next">To the next due date</button>
      <button class="small plain" name="by" value="hour">+ 1 hour</button>
      <button class="small plain" name="by" value="day">+ 1 day</button>
      <button class="small plain" name="by" value="month">+ 30 days</button>
    </form>
  </section>`
}

/** Checkout pages that wait for a customer, and one that needs no app. */
function checkoutPanel(
  { account }: Paymob,
  open: readonly { id: number; clientSecret: string; amount: number; currency: (typeof CURRENCIES)[number] }[],
): Html {
  const sample = formButton(
    { name: 'sample', label: 'Subscribe a sample customer' },
    {},
    html`<select name="currency" aria-label="Currency">
      ${CURRENCIES.map((currency) => html`<option>${currency}</option>`)}
    </select>`,
  )
  return html`${sample}
    <ul class="rows">
      ${newest(open).map((row) => {
        const query = new URLSearchParams({ publicKey: account.publicKey, clientSecret: row.clientSecret })
        return html`<li class="bar">
          <a href="/unifiedcheckout/?${query.toString()}">Order ${row.id}</a>
          <span>${formatMoney(row.amount, row.currency)}</span> ${tag('open', 'warn')}
        </li>`
      })}
    </ul>`
}
