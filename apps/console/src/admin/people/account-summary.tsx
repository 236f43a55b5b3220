import { formatMoney, type RouterOutputs } from '@tollgate/client'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { Badge } from '../../parts/badge.tsx'
import { formatDay } from '../../words/dates.ts'
import { formatPrice } from '../../words/price.ts'
import { t } from '../texts/catalogue.ts'
import { REASON_TONES } from './plan-cell.tsx'

export type Account = RouterOutputs['admin']['accounts']['get']

/** What an operator asks first: access now and why, the plan, the money, and the customer. */
export function AccountSummary({ account }: { account: Account }) {
  const { access, subscription, payments, seats, customer } = account
  return (
    <>
      <dl className="people-summary">
        <Tile
          term={t.accounts.access}
          value={
            <>
              {access.hasAccess ? t.accounts.hasAccess : t.accounts.noAccess}{' '}
              <Badge tone={REASON_TONES[access.reason]} label={t.accounts.reasons[access.reason]} />
            </>
          }
          notes={[t.accounts.why[access.reason](access)]}
        />
        <Tile
          term={t.accounts.plan}
          value={subscription?.planName ?? t.people.noPlan}
          notes={[
            ...(subscription ? [formatPrice(subscription)] : []),
            ...(seats ? [t.accounts.seatsUsed(seats.used, seats.max), t.accounts.seatsIncluded(seats.included)] : []),
          ]}
        />
        <Tile
          term={t.accounts.money}
          value={
            payments.map(({ netCents, currency }) => formatMoney(netCents, currency)).join(' + ') ||
            t.accounts.nothingPaid
          }
          notes={payments.flatMap(moneyNotes)}
        />
        <Tile
          term={t.accounts.customerAt(t.money.providers[customer?.provider ?? 'stripe'])}
          value={customer?.providerCustomerId ? <code>{customer.providerCustomerId}</code> : t.accounts.noCustomer}
          notes={customer?.trialUsedAt ? [t.accounts.trialUsed(formatDay(customer.trialUsedAt))] : []}
        />
      </dl>
      <p>
        <Link to={`/admin/accounts/${account.id}/access`}>{t.explain.link}</Link>
      </p>
    </>
  )
}

function moneyNotes({ lastPaidAt, refundedCents, currency, failed, open, disputed }: Account['payments'][number]) {
  return [
    ...(lastPaidAt ? [t.accounts.lastPaid(formatDay(lastPaidAt))] : []),
    ...(refundedCents > 0 ? [t.accounts.refunded(formatMoney(refundedCents, currency))] : []),
    ...(failed > 0 ? [t.accounts.failedPayments(failed)] : []),
    ...(open > 0 ? [t.accounts.openPayments(open)] : []),
    ...(disputed > 0 ? [t.accounts.disputes(disputed)] : []),
  ]
}

function Tile({ term, value, notes }: { term: string; value: ReactNode; notes: readonly string[] }) {
  return (
    <div className="people-tile">
      <dt>{term}</dt>
      <dd className="people-tile-value">{value}</dd>
      {notes.map((note) => (
        <dd key={note} className="quiet">
          {note}
        </dd>
      ))}
    </div>
  )
}

/** Holds the place of the summary while it loads. */
export function SummarySkeleton() {
  return (
    <div className="people-summary" aria-hidden="true">
      {[0, 1, 2, 3].map((tile) => (
        <div key={tile} className="people-tile">
          <span className="skeleton-line">&nbsp;</span>
          <span className="skeleton-line">&nbsp;</span>
          <span className="skeleton-line">&nbsp;</span>
        </div>
      ))}
    </div>
  )
}
