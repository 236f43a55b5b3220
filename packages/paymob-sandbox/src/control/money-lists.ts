import { today, type Paymob } from '../callbacks/paymob.ts'
import { dateOf, momentOf } from '../dates.ts'
import { formatMoney } from '../money.ts'
import { html, type Html } from '../pages/html.ts'
import { stateTag, tag, transactionTag } from '../pages/tags.ts'
import type { SubscriptionRow, TransactionRow } from '../state/rows.ts'
import { formButton } from './form-button.ts'

export function subscriptionList(paymob: Paymob, rows: readonly SubscriptionRow[]): Html {
  if (rows.length === 0) return html`<p class="muted">None yet.</p>`
  return html`<ul class="rows">
    ${rows.map((row) => {
      const id = String(row.id)
      const button = (name: string, label: string, danger = false) => formButton({ name, label, danger }, { id })
      return html`<li>
        <div class="bar">
          <strong><a href="/_/subscriptions/${row.id}">${row.client.full_name}</a></strong> ${stateTag(row)}
          ${row.retryOn !== null && tag(`payment failed, next try ${row.retryOn}`, 'bad')}
          ${row.failsCharges && tag('every deduction fails', 'bad')}
        </div>
        <p class="muted">
          ${row.name}, ${formatMoney(row.amountCents, row.currency)} every ${row.frequency} days. Next billing
          ${row.nextBilling}${row.endsAt !== null && `, ends after ${row.endsAt}`}. Subscription ${row.id}, plan
          ${row.planId}, ${row.client.email}
        </p>
        ${
          row.state !== 'canceled' &&
          html`<div class="bar">
            ${row.state === 'active' ? button('suspend', 'Suspend') : button('resume', 'Resume')}
            ${row.failsCharges ? button('charge-again', 'Let deductions succeed') : button('fail-charges', 'Make deductions fail')}
            ${button('cancel', 'Cancel', true)}
          </div>`
        }
      </li>`
    })}
  </ul>`
}

export function paymentList(paymob: Paymob, rows: readonly TransactionRow[]): Html {
  if (rows.length === 0) return html`<p class="muted">None yet.</p>`
  const { region } = paymob.account
  return html`<ul class="rows">
    ${rows.map((row) => {
      const id = String(row.id)
      const isOfToday = dateOf(region, row.createdAt) === today(paymob)
      const isOpen = row.kind === 'payment' && row.success && !row.isVoided && row.refundedCents < row.amountCents
      return html`<li>
        <div class="bar"><strong>${formatMoney(row.amountCents, row.currency)}</strong> ${transactionTag(row)}</div>
        <p class="muted">
          ${momentOf(region, row.createdAt)}, ${row.brand} ${row.pan}, order ${row.orderId}, transaction
          ${row.id}${row.subscriptionId !== null && html`, <a href="/_/subscriptions/${row.subscriptionId}">subscription ${row.subscriptionId}</a>`}
        </p>
        ${
          isOpen &&
          html`<div class="bar">
            ${formButton(
              { name: 'refund', label: 'Refund' },
              { id },
              html`<input
                name="amount"
                inputmode="numeric"
                size="9"
                value="${row.amountCents - row.refundedCents}"
                aria-label="Amount in the smallest unit"
              />`,
            )}
            ${isOfToday && formButton({ name: 'void', label: 'Void' }, { id })}
            ${row.isAuth && row.capturedCents === 0 && formButton({ name: 'capture', label: 'Capture' }, { id })}
          </div>`
        }
      </li>`
    })}
  </ul>`
}
