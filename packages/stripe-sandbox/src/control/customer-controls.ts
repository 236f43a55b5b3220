import { html, Html } from '../pages/html.ts'
import { DECLINE_NAMES } from '../payments/test-cards.ts'
import type { CustomerRow } from '../state/rows/customer.ts'
import { formButton } from './form-button.ts'

/** Sets how a customer's charges end, and opens the customer's portal. */
export function customerControls(row: CustomerRow, back: string): Html {
  return html`${formButton(
    { name: 'fail-charges', label: 'Set', back },
    { customer: row.id },
    html`<label for="decline-${row.id}">Charges</label>
      <select id="decline-${row.id}" name="decline">
        <option value="">depend on the card</option>
        ${DECLINE_NAMES.map((name) => html`<option value="${name}" ${new Html(row.failCharges === name ? ' selected' : '')}>fail: ${name}</option>`)}
      </select>`,
  )}
  ${formButton({ name: 'portal', label: 'Open the portal as this customer', back }, { customer: row.id })}`
}
