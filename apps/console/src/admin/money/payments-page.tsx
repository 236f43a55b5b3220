import { useInfiniteQuery } from '@tanstack/react-query'
import { trpc } from '../../api.ts'
import { Moment } from '../../parts/moment.tsx'
import { choice, currency, day, flag, text, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { Amount, PaymentBadge } from './badges.tsx'
import { choicesOf, ownerName, type Payment } from './money-words.ts'

const words = t.money.payments

const FILTERS = {
  invoice: text(words.invoiceNumber),
  status: choice(t.money.status, choicesOf(words.statuses)),
  from: day(t.money.from, 'start'),
  to: day(t.money.to, 'after'),
  currency,
  counted: choice(words.counted, choicesOf(words.countedAs)),
  refunded: flag(words.isRefunded),
  disputed: flag(words.isDisputed),
}

const COLUMNS: Column<Payment>[] = [
  { title: t.money.owner, cell: ownerName },
  { title: t.money.amount, cell: (row) => <Amount {...row} />, align: 'end' },
  { title: t.money.status, cell: (row) => <PaymentBadge {...row} /> },
  { title: words.invoiceNumber, cell: ({ invoiceNumber }) => invoiceNumber ?? t.money.any },
  { title: words.for, cell: ({ plan }) => plan?.name ?? t.money.any },
  { title: t.money.date, cell: ({ createdAt }) => <Moment at={createdAt} /> },
]

export function PaymentsPage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.payments.list.infiniteQueryOptions(
      { ...filters.values, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={words.title}
      name="payments"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      pathOf={({ id }) => `/admin/payments/${id}`}
      empty={words.empty}
      isExported
    />
  )
}
