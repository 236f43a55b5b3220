import type { Paymob } from '../callbacks/paymob.ts'
import { momentOf } from '../dates.ts'
import { html, type Html } from '../pages/html.ts'
import { statusTag, tag } from '../pages/tags.ts'
import type { CallbackRow } from '../state/rows.ts'
import { formButton } from './form-button.ts'

/** The callbacks, each with its payload and the buttons to send it again, as it was or forged. */
export function callbackList({ account }: Paymob, rows: readonly CallbackRow[]): Html {
  if (rows.length === 0) return html`<p class="muted">None yet.</p>`
  return html`<ul class="rows">
    ${rows.map(
      (row) =>
        html`<li>
          <div class="bar">
            <strong>${row.type}</strong> ${statusTag(row)} ${row.forges !== null && tag(`forges ${row.forges}`, 'bad')}
          </div>
          <p class="muted">Callback ${row.id}, ${momentOf(account.region, row.createdAt)}, to ${row.url}</p>
          <details>
            <summary>Payload</summary>
            <pre>${JSON.stringify(JSON.parse(row.body), null, 2)}</pre>
          </details>
          <div class="bar">
            ${formButton({ name: 'resend', label: 'Send again' }, { id: String(row.id) })} ${forgery(row)}
          </div>
        </li>`,
    )}
  </ul>`
}

/** A copy with another amount, or about another subscription. Its signature is valid. */
function forgery({ id, kind, subscriptionId }: CallbackRow): Html | null {
  if (kind === 'token') return null
  const amount = kind === 'transaction' ? 'obj.amount_cents' : 'subscription_data.amount_cents'
  return html`${formButton({ name: 'forge', label: 'Forge: amount 1' }, { id: String(id), path: amount, value: '1' })}
  ${
    kind === 'transaction'
      ? formButton({ name: 'forge', label: 'Forge: success' }, { id: String(id), path: 'obj.success', value: 'true' })
      : formButton(
          { name: 'forge', label: 'Forge: other subscription' },
          { id: String(id), path: 'subscription_data.id', value: String((subscriptionId ?? 0) + 1) },
        )
  }`
}
