import type { RouterOutputs } from '@tollgate/client'
import { Link } from 'react-router'
import { Fact } from '../../parts/fact.tsx'
import { Moment } from '../../parts/moment.tsx'
import { DetailPage } from '../kit/detail.tsx'
import { DataTable, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { Amount, PaymentBadge } from './badges.tsx'
import type { Subscription } from './money-words.ts'

type OwnPayment = RouterOutputs['admin']['subscriptions']['get']['payments'][number]

/** Who pays: the account and the person behind it. */
export function OwnerFacts({ account, user }: Pick<Subscription, 'account' | 'user'>) {
  return (
    <>
      <Fact term={t.money.person} value={<Link to={`/admin/people/${user.id}`}>{user.email}</Link>} />
      {account.kind === 'organization' && (
        <Fact term={t.money.account} value={<Link to={`/admin/accounts/${account.id}`}>{account.name}</Link>} />
      )}
    </>
  )
}

const COLUMNS: Column<OwnPayment>[] = [
  { title: t.money.date, cell: ({ createdAt }) => <Moment at={createdAt} /> },
  { title: t.money.amount, cell: (row) => <Amount {...row} />, align: 'end' },
  { title: t.money.status, cell: (row) => <PaymentBadge {...row} /> },
]

/** A few payments of one customer, each with a link to its page. */
export function PaymentTable({
  caption,
  items,
  empty,
}: {
  caption: string
  items: readonly OwnPayment[]
  empty: string
}) {
  if (items.length === 0) return <p className="quiet">{empty}</p>
  return (
    <DataTable
      caption={caption}
      columns={COLUMNS}
      items={items}
      keyOf={({ id }) => id}
      pathOf={({ id }) => `/admin/payments/${id}`}
    />
  )
}

/** Keeps the place of a page whose data is on its way. */
export function DetailSkeleton({ title, back }: { title: string; back: { to: string; label: string } }) {
  return (
    <DetailPage title={title} back={back}>
      <div className="money-skeleton" aria-hidden="true">
        {Array.from({ length: 6 }, (_, line) => (
          <span key={line} className="skeleton-line">
            &nbsp;
          </span>
        ))}
      </div>
    </DetailPage>
  )
}
