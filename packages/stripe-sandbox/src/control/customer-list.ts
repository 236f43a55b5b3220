import { html, type Html } from '../pages/html.ts'
import { tag } from '../pages/tags.ts'
import type { CustomerRow } from '../state/rows/customer.ts'

/** A list of customers, each with a link to their page. */
export function customerList(rows: readonly CustomerRow[]): Html {
  if (rows.length === 0) return html`<p class="muted">None yet.</p>`
  return html`<ul class="rows">
    ${rows.map(
      (row) =>
        html`<li class="bar">
          <a href="/_/customers/${row.id}">${row.email ?? row.name ?? row.id}</a>
          <span class="muted">${row.name} ${row.id}</span>
          ${row.failCharges !== null && tag(`charges fail: ${row.failCharges}`, 'bad')}
        </li>`,
    )}
  </ul>`
}
