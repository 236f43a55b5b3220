import { formatMoney } from '../money.ts'
import { html, type Html } from '../pages/html.ts'
import { invoiceTag, tag } from '../pages/tags.ts'
import { isClosed } from '../payments/disputes.ts'
import { amountDueOf } from '../resources/invoice.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import type { ChargeRow } from '../state/rows/payment.ts'
import { formatDate } from '../time.ts'
import { formButton } from './form-button.ts'

/** A list of invoices. With `named`, each links to its customer. */
export function invoiceList(account: Account, rows: readonly InvoiceRow[], { named = false } = {}): Html {
  if (rows.length === 0) return html`<p class="muted">None yet.</p>`
  return html`<ul class="rows">
    ${rows.map(
      (row) =>
        html`<li class="bar">
          <strong>${formatMoney(amountDueOf(account, row), row.currency)}</strong> ${invoiceTag(row)}
          <span class="muted">${formatDate(row.created)}, ${row.billing_reason.replace('subscription_', '')}</span>
          ${named && customerLink(account, row.customer)}
          ${
            row.status === 'draft'
              ? html`<span class="push muted">no page until finalized</span>`
              : html`<a class="push" href="/i/${row.id}">${row.number}</a>`
          }
        </li>`,
    )}
  </ul>`
}

/** A list of payments with buttons to refund and dispute them. With `named`, each links to its customer. */
export function chargeList(
  account: Account,
  rows: readonly ChargeRow[],
  { back, named = false }: { back: string; named?: boolean },
): Html {
  if (rows.length === 0) return html`<p class="muted">None yet.</p>`
  return html`<ul class="rows">
    ${rows.map((row) => {
      const dispute = account.disputes.by('charge', row.id).at(-1)
      const refund = account.refunds.by('charge', row.id).find((each) => each.status === 'succeeded')
      return html`<li class="bar">
        <strong>${formatMoney(row.amount, row.currency)}</strong>
        ${row.paid ? tag('paid', 'good') : tag(row.failure?.decline_code ?? row.failure?.code ?? 'failed', 'bad')}
        ${row.amount_refunded > 0 && tag(`${formatMoney(row.amount_refunded, row.currency)} refunded`, 'calm')}
        ${dispute && tag(`dispute: ${dispute.status}`, 'warn')}
        <span class="muted">${formatDate(row.created)}</span> ${named && customerLink(account, row.customer)}
        <span class="bar">
          ${row.paid && row.amount_refunded < row.amount && !row.disputed && formButton({ name: 'refund', label: 'Refund', back }, { charge: row.id })}
          ${refund && formButton({ name: 'fail-refund', label: 'Fail the refund', back, danger: true }, { refund: refund.id })}
          ${row.paid && !row.disputed && formButton({ name: 'dispute', label: 'Dispute', back, danger: true }, { charge: row.id })}
          ${
            dispute &&
            !isClosed(dispute) &&
            html`${formButton({ name: 'close-dispute', label: 'Dispute won', back }, { dispute: dispute.id, outcome: 'won' })}
            ${formButton({ name: 'close-dispute', label: 'Dispute lost', back, danger: true }, { dispute: dispute.id, outcome: 'lost' })}`
          }
        </span>
      </li>`
    })}
  </ul>`
}

function customerLink(account: Account, id: string | null): Html | null {
  if (id === null) return null
  return html`<a class="muted" href="/_/customers/${id}">${account.customers.get(id).email ?? id}</a>`
}
