import { formatMoney } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { ChargeRow } from '../state/rows/payment.ts'
import { formatDate } from '../time.ts'
import { brandName } from './card-form.ts'
import { html, type Html } from './html.ts'
import { document } from './layout.ts'
import { merchantName } from './merchant.ts'

const OUTCOME = { failed: 'Declined', held: 'Authorized', paid: 'Paid' }

/** What a customer has paid, with which card, and what was refunded. */
export function receiptPage(account: Account, charge: ChargeRow): Html {
  const { settings } = account
  const money = (amount: number): string => formatMoney(amount, charge.currency)
  const { card } = account.paymentMethods.get(charge.payment_method)
  const refunded = charge.amount_refunded
  const outcome = charge.status !== 'succeeded' ? 'failed' : charge.captured ? 'paid' : 'held'
  return document(
    `Receipt from ${settings.merchantName}`,
    html`<article class="panel paper">
      ${merchantName(settings)}
      <h1>Receipt</h1>
      <p class="amount">${money(charge.amount)}</p>
      <p class="muted">${OUTCOME[outcome]} on ${formatDate(charge.created)}</p>
      <dl>
        <dt>Card</dt>
        <dd>${brandName(card.brand)} ending in ${card.last4}</dd>
        ${
          charge.description !== null &&
          html`<dt>For</dt>
            <dd>${charge.description}</dd>`
        }
        ${
          refunded > 0 &&
          html`<dt>Refunded</dt>
            <dd>${money(refunded)}</dd>`
        }
      </dl>
    </article>`,
    { merchant: settings },
  )
}
