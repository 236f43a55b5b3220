import { amountsOf } from '../amounts/invoice-amounts.ts'
import { formatMoney } from '../money.ts'
import { amountDueOf } from '../resources/invoice.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import { formatDate } from '../time.ts'
import { cardFields, testCards, type Typed } from './card-form.ts'
import { html, type Html } from './html.ts'
import { document } from './layout.ts'
import { merchantName } from './merchant.ts'
import { invoiceTag } from './tags.ts'

/** An invoice that can be printed, with a form to pay it while it is open. */
export function invoicePage(account: Account, invoice: InvoiceRow, error?: string, typed?: Typed): Html {
  const money = (amount: number): string => formatMoney(amount, invoice.currency)
  const due = amountDueOf(account, invoice)
  const amounts = amountsOf(account, invoice)
  const discount = amounts.discounts.reduce((sum, { amount }) => sum + amount, 0)
  const granted = (invoice.credits ?? []).reduce((sum, { amount }) => sum + amount, 0)
  const credited = invoice.pre_payment_credit_notes_amount
  const { email, name } = account.customers.get(invoice.customer)
  const { paid_at } = invoice.status_transitions
  const balance = invoice.starting_balance - (invoice.ending_balance ?? invoice.starting_balance)
  return document(
    `Invoice ${invoice.number ?? ''}`,
    html`<article class="panel paper">
        <div class="head">
          <div>
            ${merchantName(account.settings)}
            <h1>Invoice ${invoice.number}</h1>
            <p class="amount">${money(due)}</p>
            <p>
              ${invoiceTag(invoice)}
              ${invoice.status === 'paid' && paid_at !== null && html`<span class="muted">Paid on ${formatDate(paid_at)}</span>`}
            </p>
          </div>
          <dl>
            <dt>Issued</dt>
            <dd>${formatDate(invoice.effective_at ?? invoice.status_transitions.finalized_at ?? invoice.created)}</dd>
            ${
              invoice.due_date !== null &&
              html`<dt>Due</dt>
                <dd>${formatDate(invoice.due_date)}</dd>`
            }
            <dt>From</dt>
            <dd>
              ${account.settings.merchantName}${(invoice.account_tax_ids ?? []).map((id) => html`<br />${account.taxIds.find(id)?.value}`)}
            </dd>
            <dt>Bill to</dt>
            <dd>${name !== null && html`${name}<br />`}${email ?? invoice.customer}</dd>
            ${(invoice.custom_fields ?? []).map(
              (field) =>
                html`<dt>${field.name}</dt>
                  <dd>${field.value}</dd>`,
            )}
          </dl>
        </div>
        <table>
          <thead>
            <tr>
              <th scope="col">Description</th>
              <th scope="col" class="number">Amount</th>
            </tr>
          </thead>
          <tbody>
            ${invoice.lines.map(
              (line) =>
                html`<tr>
                  <td>${line.description}<br /><span class="muted">${datesOf(line.period)}</span></td>
                  <td class="number">${money(line.amount)}</td>
                </tr>`,
            )}
          </tbody>
          <tfoot>
            ${
              discount > 0 &&
              html`<tr>
                <td>Discount</td>
                <td class="number">${money(-discount)}</td>
              </tr>`
            }
            ${
              granted > 0 &&
              html`<tr>
                <td>Credit grant applied</td>
                <td class="number">${money(-granted)}</td>
              </tr>`
            }
            ${
              amounts.shipping > 0 &&
              html`<tr>
                <td>Shipping</td>
                <td class="number">${money(amounts.shipping)}</td>
              </tr>`
            }
            ${amounts.taxes.map(
              (tax) =>
                html`<tr>
                  <td>
                    ${account.taxRates.get(tax.tax_rate).display_name} (${tax.percentage}
                    %${tax.inclusive && ', inclusive'})
                  </td>
                  <td class="number">${money(tax.amount)}</td>
                </tr>`,
            )}
            <tr>
              <td>Total</td>
              <td class="number">${money(amounts.total)}</td>
            </tr>
            ${
              credited > 0 &&
              html`<tr>
                <td>Credit notes</td>
                <td class="number">${money(-credited)}</td>
              </tr>`
            }
            ${
              balance !== 0 &&
              html`<tr>
                <td>Balance applied</td>
                <td class="number">${money(-balance)}</td>
              </tr>`
            }
            <tr>
              <td>${invoice.status === 'paid' ? 'Amount paid' : 'Amount due'}</td>
              <td class="number">${money(due)}</td>
            </tr>
          </tfoot>
        </table>
        ${invoice.footer !== null && html`<p class="muted">${invoice.footer}</p>`}
      </article>
      ${
        invoice.status === 'open' &&
        html`<section class="panel" aria-labelledby="pay-title">
            <h2 id="pay-title">Pay with a card</h2>
            ${error !== undefined && html`<p role="alert">${error}</p>`}
            <form id="pay" method="post" action="/i/${invoice.id}">
              ${cardFields(typed)}<button type="submit">Pay ${money(due)}</button>
            </form>
          </section>
          ${testCards('pay')}`
      }`,
    { merchant: account.settings },
  )
}

function datesOf({ start, end }: { start: number; end: number }): string {
  const [from, to] = [formatDate(start), formatDate(end)]
  return from === to ? from : `${from} to ${to}`
}
