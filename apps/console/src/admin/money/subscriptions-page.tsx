import { useInfiniteQuery } from '@tanstack/react-query'
import { trpc } from '../../api.ts'
import { Moment } from '../../parts/moment.tsx'
import { formatPrice } from '../../words/price.ts'
import { choice, currency, day, flag, text, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { AccessBadge } from './badges.tsx'
import { GrantAct } from './grant-act.tsx'
import { choicesOf, ownerName, whatIsNext, type Subscription } from './money-words.ts'

const words = t.money.subscriptions

const FILTERS = {
  planCode: text(t.money.plan),
  accessReason: choice(words.access, choicesOf(t.money.reasons)),
  status: choice(t.money.status, choicesOf(t.money.statuses)),
  provider: choice(t.money.provider, choicesOf(t.money.providers)),
  currency,
  countsInMrr: flag(words.countsInMrr),
  interval: choice(words.interval, choicesOf(words.intervals)),
  endsBefore: day(words.endsBefore, 'after'),
  trialEndsTo: day(words.trialEndsTo, 'after'),
  order: choice(words.order, choicesOf(words.orders), 'newest'),
}

const COLUMNS: Column<Subscription>[] = [
  { title: t.money.owner, cell: ownerName },
  { title: t.money.plan, cell: ({ plan }) => plan.name },
  { title: t.money.price, cell: (row) => formatPrice(row), align: 'end' },
  { title: words.access, cell: (row) => <AccessBadge {...row} /> },
  { title: words.next, cell: whatIsNext },
  { title: words.started, cell: ({ startedAt }) => <Moment at={startedAt} withTime={false} /> },
]

export function SubscriptionsPage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.subscriptions.list.infiniteQueryOptions(
      { ...filters.values, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={words.title}
      name="subscriptions"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      pathOf={({ id }) => `/admin/subscriptions/${id}`}
      empty={words.empty}
      isExported
      actions={<GrantAct />}
    />
  )
}
