import { useInfiniteQuery } from '@tanstack/react-query'
import { api, trpc } from '../../../api.ts'
import { Badge } from '../../../parts/badge.tsx'
import { formatPrice } from '../../../words/price.ts'
import { choice, useFilters } from '../../kit/filters.ts'
import { ListPage, type Column } from '../../kit/list-page.tsx'
import { t } from '../../texts/catalogue.ts'
import { choicesOf } from '../money-words.ts'
import { CreatePlanAct } from './plan-acts.tsx'
import { liveOf, mrrOf, PLAN_TONES, type Plan } from './plan-words.ts'

const words = t.money.plans

const FILTERS = { status: choice(t.money.status, choicesOf(words.statuses)) }

const COLUMNS: Column<Plan>[] = [
  { title: words.name, cell: ({ name }) => name },
  { title: words.code, cell: ({ code }) => <code>{code}</code> },
  {
    title: t.money.status,
    cell: ({ status, highlighted }) => (
      <span className="badges">
        <Badge tone={PLAN_TONES[status]} label={words.statuses[status]} />
        {highlighted && <Badge tone="calm" label={words.recommended} />}
      </span>
    ),
  },
  { title: t.money.price, cell: (plan) => formatPrice(plan), align: 'end' },
  { title: words.live, cell: (plan) => liveOf(plan).toLocaleString(), align: 'end' },
  { title: words.perMonth, cell: mrrOf, align: 'end' },
]

export function PlansPage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    queryKey: [...trpc.admin.plans.list.queryKey(filters.values), 'pages'],
    queryFn: () => api.admin.plans.list.query(filters.values),
    initialPageParam: null,
    getNextPageParam: () => null, // plans are few: the first page has them all
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={words.title}
      name="plans"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      pathOf={({ id }) => `/admin/plans/${id}`}
      empty={words.empty}
      isExported
      actions={<CreatePlanAct />}
    />
  )
}
