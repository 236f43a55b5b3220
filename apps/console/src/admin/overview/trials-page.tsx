import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import type { Tone } from '../../words/tone.ts'
import { choice, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { OwnerLink } from './owner-link.tsx'
import { utcDay } from './utc-day.ts'

type Trial = RouterOutputs['admin']['trials']['list']['items'][number]

const words = t.overview.trialList
const STATES = ['running', 'ending', 'started', 'ended', 'converted'] as const

const TONES: Readonly<Record<Trial['status'], Tone>> = {
  pending: 'calm',
  trialing: 'good',
  active: 'good',
  past_due: 'warning',
  unpaid: 'bad',
  paused: 'calm',
  canceled: 'bad',
}

const FILTERS = {
  state: choice(
    words.state,
    STATES.map((value) => ({ value, label: words.states[value] })),
    'running',
  ),
  from: utcDay(t.overview.changes.from),
  to: utcDay(t.overview.changes.to),
}

const COLUMNS: Column<Trial>[] = [
  { title: t.overview.changes.account, cell: ({ owner }) => <OwnerLink owner={owner} /> },
  { title: words.plan, cell: ({ planName }) => planName },
  { title: words.started, cell: ({ trialStart }) => <Moment at={trialStart} withTime={false} /> },
  { title: words.ends, cell: ({ trialEnd }) => trialEnd && <Moment at={trialEnd} /> },
  { title: words.status, cell: ({ status }) => <Badge tone={TONES[status]} label={words.statuses[status]} /> },
  {
    title: words.paid,
    cell: ({ convertedAt }) =>
      convertedAt ? <Moment at={convertedAt} withTime={false} /> : <span className="quiet">{words.notYet}</span>,
  },
]

/** Trials that run, started, ended, or were paid. */
export function TrialsPage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.trials.list.infiniteQueryOptions(
      { state: 'running', ...filters.values, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      name="trials"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ subscriptionId }) => subscriptionId}
      empty={words.empty}
      isExported
    />
  )
}
