import { useInfiniteQuery } from '@tanstack/react-query'
import { formatMoney } from '@tollgate/client'
import { trpc } from '../../api.ts'
import { Moment } from '../../parts/moment.tsx'
import { choice, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { Deadline, DisputeBadge, Evidence } from './badges.tsx'
import { choicesOf, disputeReason, ownerName, type Dispute } from './money-words.ts'

const words = t.money.disputes

const FILTERS = {
  status: choice(t.money.status, choicesOf(words.statuses)),
  order: choice(words.order, choicesOf(words.orders), 'newest'),
}

const COLUMNS: Column<Dispute>[] = [
  { title: t.money.owner, cell: ownerName },
  { title: t.money.amount, cell: ({ amountCents, currency }) => formatMoney(amountCents, currency), align: 'end' },
  { title: t.money.status, cell: (row) => <DisputeBadge {...row} /> },
  { title: words.reason, cell: ({ reason }) => disputeReason(reason) },
  { title: words.dueBy, cell: (row) => <Deadline {...row} /> },
  { title: words.evidence, cell: (row) => <Evidence {...row} of={ownerName(row)} /> },
  { title: words.opened, cell: ({ openedAt }) => <Moment at={openedAt} withTime={false} /> },
]

export function DisputesPage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.disputes.list.infiniteQueryOptions(
      { ...filters.values, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      name="disputes"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      pathOf={({ payment }) => `/admin/payments/${payment.id}`}
      empty={words.empty}
      isExported
    />
  )
}
