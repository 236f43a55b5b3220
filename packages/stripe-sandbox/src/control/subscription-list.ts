import { priceAmount } from '../amounts/price-parts.ts'
import { formatMoney } from '../money.ts'
import { html, type Html } from '../pages/html.ts'
import { subscriptionTag, tag } from '../pages/tags.ts'
import type { Account } from '../state/account.ts'
import { priceIn } from '../state/price-in.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { formatDate } from '../time.ts'
import { formButton } from './form-button.ts'
import { timeLine, timeLineKey } from './time-line.ts'

/** A list of subscriptions with their timelines and buttons to cancel them. */
export function subscriptionList(account: Account, rows: readonly SubscriptionRow[], back: string): Html {
  if (rows.length === 0)
    return html`<p class="muted">None yet. Subscribe in your app or on a checkout page, or create one with the API.</p>`
  return html`${timeLineKey()}
    <ul class="rows">
      ${rows.map((row) => subscription(account, row, back))}
    </ul>`
}

function subscription(account: Account, row: SubscriptionRow, back: string): Html {
  const { email } = account.customers.get(row.customer)
  const ending = row.ended_at === null && (row.cancel_at !== null || row.cancel_at_period_end)
  const end = row.cancel_at ?? Math.min(...row.items.map((item) => item.current_period_end))
  return html`<li>
    <div class="bar">
      <strong>${whatFor(account, row)}</strong> ${subscriptionTag(row)}
      ${ending && tag(`ends on ${formatDate(end)}`, 'warn')} ${row.schedule !== null && tag('scheduled change', 'blue')}
      ${row.pause_collection !== null && tag('collection paused', 'warn')}
      ${row.test_clock !== null && tag('test clock', 'calm')}
      <a class="push" href="/_/customers/${row.customer}">${email ?? row.customer}</a>
    </div>
    ${timeLine(account, row)}
    ${
      row.ended_at === null &&
      html`<div class="bar">
        <code>${row.id}</code>
        ${
          ending
            ? formButton({ name: 'resume', label: "Don't cancel", back }, { subscription: row.id })
            : formButton(
                { name: 'cancel', label: 'Cancel at period end', back },
                { subscription: row.id, when: 'period_end' },
              )
        }
        ${formButton({ name: 'cancel', label: 'Cancel now', back, danger: true }, { subscription: row.id, when: 'now' })}
      </div>`
    }
  </li>`
}

function whatFor(account: Account, row: SubscriptionRow): string {
  return row.items
    .map(({ price: id, quantity }) => {
      const price = priceIn(account, id, row.currency)
      const { name } = account.products.get(price.product)
      const often = price.recurring
        ? ` / ${price.recurring.interval_count === 1 ? '' : `${price.recurring.interval_count} `}${price.recurring.interval}`
        : ''
      return `${quantity === 1 ? '' : `${quantity} × `}${name}, ${formatMoney(priceAmount(price, quantity), price.currency)}${often}`
    })
    .join('; ')
}
