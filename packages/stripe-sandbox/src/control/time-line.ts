import { html, type Html } from '../pages/html.ts'
import type { Account } from '../state/account.ts'
import type { InvoiceRow } from '../state/rows/invoice.ts'
import type { SubscriptionRow } from '../state/rows/subscription.ts'
import { formatDate } from '../time.ts'

type Look = 'paid' | 'trial' | 'failed' | 'open' | 'ahead'

interface Stretch {
  readonly start: number
  readonly end: number
  readonly look: Look
}

const COLOURS: Readonly<Record<Look, string>> = {
  paid: '#23a55a',
  trial: '#4c7df0',
  failed: '#e0474c',
  open: '#e0a526',
  ahead: '#9a9ab5',
}
const NAMES: Readonly<Record<Look, string>> = {
  paid: 'paid',
  trial: 'trial',
  failed: 'payment failed',
  open: 'not paid yet',
  ahead: 'to come',
}
const WIDTH = 1000
/** Maximum number of periods shown: more would be too narrow to tell apart. */
const SHOWN = 14

/** A subscription's timeline: its periods by how they were paid, the period to come, its end, and the current time. */
export function timeLine(account: Account, row: SubscriptionRow): Html {
  const now = account.nowOf(row.customer)
  const periods = periodsOf(account, row)
  const end = row.ended_at ?? row.cancel_at ?? Math.min(...row.items.map((item) => item.current_period_end))
  const from = periods[0]?.start ?? row.start_date
  const until = Math.max(end, now, ...periods.map((period) => period.end)) + (row.ended_at === null ? 1 : 0)
  const x = (time: number): number => Math.round(((time - from) / Math.max(1, until - from)) * WIDTH)
  const words = periods.map(
    ({ start, end: ends, look }) => `${formatDate(start)} to ${formatDate(ends)} ${NAMES[look]}`,
  )
  return html`<svg
      class="line"
      role="img"
      viewBox="0 0 ${WIDTH} 26"
      preserveAspectRatio="none"
      aria-label="Timeline: ${words.join('; ')}. Now: ${formatDate(now)}."
    >
      <rect x="0" y="8" width="${WIDTH}" height="10" fill="#9a9ab5" fill-opacity=".25" />
      ${periods.map(
        ({ start, end: ends, look }) =>
          html`<rect
            x="${x(start) + 1}"
            y="6"
            width="${Math.max(2, x(Math.min(ends, row.ended_at ?? ends)) - x(start) - 2)}"
            height="14"
            rx="2"
            fill="${COLOURS[look]}"
            ><title>${formatDate(start)} to ${formatDate(ends)}: ${NAMES[look]}</title></rect
          >`,
      )}
      ${(row.ended_at ?? row.cancel_at) !== null && html`<rect x="${Math.min(WIDTH - 4, x(end))}" y="0" width="4" height="26" fill="#e0474c"><title>${row.ended_at === null ? 'ends' : 'ended'} on ${formatDate(end)}</title></rect>`}
      <rect x="${Math.min(WIDTH - 3, x(now))}" y="0" width="3" height="26" fill="currentColor">
        <title>now: ${formatDate(now)}</title>
      </rect>
    </svg>
    <div class="ends"><span>${formatDate(from)}</span><span>${formatDate(until)}</span></div>`
}

/** The key to the colors of {@link timeLine}. */
export function timeLineKey(): Html {
  return html`<p>
    ${(['paid', 'trial', 'open', 'failed', 'ahead'] as const).map((look) => html`<span class="key"><i style="background:${COLOURS[look]}"></i>${NAMES[look]}</span>`)}
    <span class="key"><i style="background:currentColor;width:3px"></i>now</span>
  </p>`
}

function periodsOf(account: Account, row: SubscriptionRow): Stretch[] {
  const invoiced = account.invoices
    .by('subscription', row.id)
    .filter((invoice) => !invoice.deleted && invoice.billing_reason !== 'manual')
    .flatMap((invoice) =>
      invoice.lines
        .filter((line) => !line.proration && line.invoice_item === null)
        .slice(0, 1)
        .map(({ period }): Stretch => ({ ...period, look: lookOf(row, invoice, period.start) })),
    )
  const [item] = row.items
  const last = invoiced.at(-1)?.end ?? row.start_date
  const ahead = item && row.ended_at === null && item.current_period_end > last
  const coming: Stretch[] = ahead
    ? [{ start: Math.max(last, item.current_period_start), end: item.current_period_end, look: 'ahead' }]
    : []
  return [...invoiced, ...coming].slice(-SHOWN)
}

function lookOf(row: SubscriptionRow, { status, attempted }: InvoiceRow, start: number): Look {
  if (row.trial_end !== null && start < row.trial_end && start >= (row.trial_start ?? 0)) return 'trial'
  if (status === 'paid') return 'paid'
  if (status === 'uncollectible' || (status === 'open' && attempted)) return 'failed'
  return status === 'void' ? 'ahead' : 'open'
}
