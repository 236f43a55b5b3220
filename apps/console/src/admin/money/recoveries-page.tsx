import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { trpc } from '../../api.ts'
import { Moment } from '../../parts/moment.tsx'
import { choice, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { ownerName } from './money-words.ts'

type Recovery = RouterOutputs['admin']['recoveries']['list']['items'][number]

const words = t.recoveries
const STATES = ['open', 'recovered', 'lost'] as const

const FILTERS = {
  state: choice(
    words.state,
    STATES.map((value) => ({ value, label: words.states[value] })),
    'open',
  ),
}

const dateOrDash = (at: Date | null) => (at ? <Moment at={at} /> : <span className="quiet">–</span>)

const COLUMNS: Column<Recovery>[] = [
  { title: t.money.owner, cell: ownerName },
  { title: words.plan, cell: ({ planName }) => planName },
  { title: t.money.amount, cell: ({ amountCents, currency }) => formatMoney(amountCents, currency), align: 'end' },
  { title: words.since, cell: ({ since }) => <Moment at={since} withTime={false} /> },
  { title: words.step, cell: ({ step }) => step ?? <span className="quiet">{words.noStep}</span> },
]
const OPEN: Column<Recovery>[] = [
  ...COLUMNS,
  { title: words.next, cell: ({ nextStepAt }) => dateOrDash(nextStepAt) },
  { title: words.retry, cell: ({ nextRetryAt }) => dateOrDash(nextRetryAt) },
]
const ENDED: Column<Recovery>[] = [
  ...COLUMNS,
  { title: words.ended, cell: ({ endedAt }) => dateOrDash(endedAt) },
  { title: words.outcome, cell: ({ outcome }) => outcome && words.outcomes[outcome] },
]

/** Renewals that failed: what is open, what was recovered after which mail, and what was lost. */
export function RecoveriesPage() {
  const filters = useFilters(FILTERS)
  const state = filters.values.state ?? 'open'
  const list = useInfiniteQuery({
    ...trpc.admin.recoveries.list.infiniteQueryOptions(
      { state, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      summary={<Summary />}
      name="recoveries"
      filters={filters}
      list={list}
      columns={state === 'open' ? OPEN : ENDED}
      keyOf={({ id }) => id}
      pathOf={({ subscriptionId }) => `/admin/subscriptions/${subscriptionId}`}
      empty={words.empty}
    />
  )
}

function Summary() {
  const { data } = useQuery(trpc.admin.recoveries.summary.queryOptions({ days: 30 }))
  if (!data) return null
  const open = data.open.map(({ cents, currency, count }) => words.open(formatMoney(cents, currency), count))
  const recovered = data.ended
    .filter(({ recoveredCount }) => recoveredCount > 0)
    .map(({ recoveredCents, currency, recoveredCount, step }) =>
      words.recovered(formatMoney(recoveredCents, currency), recoveredCount, step),
    )
  const all = [...open, ...(recovered.length > 0 ? [words.ofDays, ...recovered] : [])]
  return all.length > 0 ? <p>{all.join(' ')}</p> : null
}
