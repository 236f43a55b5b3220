import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { Link, useParams } from 'react-router'
import { trpc } from '../../../api.ts'
import { Badge } from '../../../parts/badge.tsx'
import { Moment } from '../../../parts/moment.tsx'
import type { Tone } from '../../../words/tone.ts'
import { operatorsText } from '../../kit/act-problem.ts'
import { choice, useFilters } from '../../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../../kit/list-page.tsx'
import { t } from '../../texts/catalogue.ts'
import { choicesOf, ownerName } from '../money-words.ts'
import { isOpen, MoveProgress, moveTitle, REFRESH_MS } from './moves-section.tsx'

type Item = RouterOutputs['admin']['plans']['moveItems']['items'][number]

const words = t.money.moves

const FILTERS = { status: choice(words.outcome, choicesOf(words.items)) }
const TONES: Record<Item['status'], Tone> = { waiting: 'calm', done: 'good', refused: 'warning' }

const COLUMNS: Column<Item>[] = [
  { title: t.money.owner, cell: ownerName },
  { title: words.outcome, cell: ({ status }) => <Badge tone={TONES[status]} label={words.items[status]} /> },
  { title: words.reason, cell: ({ reason }) => (reason ? (operatorsText(reason) ?? reason) : t.money.any) },
  { title: t.money.date, cell: ({ endedAt }) => (endedAt ? <Moment at={endedAt} /> : t.money.any) },
]

/** One move of subscribers: its progress, and what became of each. */
export function MovePage() {
  const { id = '' } = useParams()
  const filters = useFilters(FILTERS)
  const move = useQuery({
    ...trpc.admin.plans.moves.queryOptions({ id, limit: 1 }),
    refetchInterval: ({ state }) => (state.data?.items.some(isOpen) ? REFRESH_MS : false),
  }).data?.items[0]
  const list = useInfiniteQuery({
    ...trpc.admin.plans.moveItems.infiniteQueryOptions(
      { ...filters.values, moveId: id, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    refetchInterval: move && isOpen(move) ? REFRESH_MS : false,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={move ? words.page(move.from.name, move.to.name) : words.section}
      lead={move && moveTitle(move)}
      name="plan-move"
      filters={{ ...filters, values: { ...filters.values, moveId: id } }}
      list={list}
      columns={COLUMNS}
      keyOf={(item) => item.id}
      pathOf={({ subscriptionId }) => `/admin/subscriptions/${subscriptionId}`}
      empty={words.empty}
      isExported
      above={move && <Link to={`/admin/plans/${move.from.id}`}>← {move.from.name}</Link>}
      summary={move && <MoveProgress move={move} />}
    />
  )
}
