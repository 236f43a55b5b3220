import { html, type Html } from '../pages/html.ts'
import { tag, type Tone } from '../pages/tags.ts'
import { serializeEvent } from '../resources/webhook.ts'
import type { Account } from '../state/account.ts'
import type { DeliveryRow, EventRow } from '../state/rows/webhook.ts'
import { formatMoment } from '../time.ts'
import { formButton } from './form-button.ts'

const TONES: Readonly<Record<DeliveryRow['status'], Tone>> = {
  delivered: 'good',
  pending: 'blue',
  failed: 'bad',
  dropped: 'warn',
}

/** Events with their payloads and deliveries, and a button to resend each delivery. */
export function eventList(account: Account, rows: readonly EventRow[], back: string): Html {
  if (rows.length === 0) return html`<p class="muted">Nothing has happened yet.</p>`
  return html`<ul class="rows">
    ${rows.map((row) => {
      const deliveries = account.deliveries.by('eventId', row.id)
      return html`<li>
        <div class="bar">
          <strong>${row.type}</strong> <span class="muted">${formatMoment(row.created)}</span>
          ${deliveries.length === 0 && tag('no endpoint', 'calm')}
        </div>
        ${deliveries.map(
          (delivery) =>
            html`<div class="bar">
              ${tag(statusOf(delivery), TONES[delivery.status])}
              <span class="muted"
                >${delivery.attempts} ${delivery.attempts === 1 ? 'attempt' : 'attempts'}, ${delivery.url}</span
              >
              ${formButton({ name: 'resend', label: 'Resend', back }, { delivery: delivery.id })}
            </div>`,
        )}
        <details>
          <summary>Payload of <code>${row.id}</code></summary>
          <pre tabindex="0">${JSON.stringify(serializeEvent(row, { pending: deliveries.length }), null, 2)}</pre>
        </details>
      </li>`
    })}
  </ul>`
}

function statusOf({ status, responseStatus }: DeliveryRow): string {
  if (status === 'pending') return 'in progress'
  return responseStatus === null ? status : `${status}, ${responseStatus}`
}
