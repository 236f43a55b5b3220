import type { Paymob } from '../callbacks/paymob.ts'
import { momentOf } from '../dates.ts'
import { CURRENCIES, formatMoney } from '../money.ts'
import { html, type Html } from '../pages/html.ts'
import { tag } from '../pages/tags.ts'
import type { IntentionRow } from '../state/rows.ts'
import { formButton } from './form-button.ts'
import { statusOf } from './searches.ts'

/** A checkout page that needs no app. */
export function sampleForm(): Html {
  return formButton(
    { name: 'sample', label: 'Subscribe a sample customer' },
    {},
    html`<select name="currency" aria-label="Currency">
      ${CURRENCIES.map((currency) => html`<option>${currency}</option>`)}
    </select>`,
  )
}

/** Intentions, each with its checkout page while it can be paid. */
export function orderList({ account }: Paymob, rows: readonly IntentionRow[]): Html {
  if (rows.length === 0) return html`<p class="muted">None yet.</p>`
  return html`<ul class="rows">
    ${rows.map((row) => {
      const query = new URLSearchParams({ publicKey: account.publicKey, clientSecret: row.clientSecret })
      const status = statusOf(row)
      return html`<li>
        <div class="bar">
          <strong>${formatMoney(row.amount, row.currency)}</strong> ${tag(status, TONES[status])}
          ${status === 'open' && html`<a class="push" href="/unifiedcheckout/?${query.toString()}">Open the page of order ${row.id}</a>`}
        </div>
        <p class="muted">
          ${momentOf(account.region, row.createdAt)}, ${row.billingData.email}, order ${row.id}, reference
          ${row.specialReference ?? 'none'}
        </p>
      </li>`
    })}
  </ul>`
}

const TONES = { open: 'warn', paid: 'good', expired: 'calm' } as const
