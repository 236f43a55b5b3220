import { useInfiniteQuery } from '@tanstack/react-query'
import { formatMoney, type RouterOutputs } from '@tollgate/client'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import type { Tone } from '../../words/tone.ts'
import { choice, currency, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { OwnerLink } from './owner-link.tsx'
import { utcDay } from './utc-day.ts'
import { formatUtcDay } from './words.ts'

type Change = RouterOutputs['admin']['mrrChanges']['list']['items'][number]

const words = t.overview.changes
const KINDS = ['new', 'expansion', 'reactivation', 'contraction', 'churn'] as const
const TONES: Readonly<Record<Change['kind'], Tone>> = {
  new: 'good',
  expansion: 'good',
  reactivation: 'good',
  contraction: 'warning',
  churn: 'bad',
}

const FILTERS = {
  kind: choice(
    words.kind,
    KINDS.map((value) => ({ value, label: t.overview.kinds[value] })),
  ),
  currency,
  from: utcDay(words.from),
  to: utcDay(words.to),
}

const COLUMNS: Column<Change>[] = [
  { title: words.day, cell: ({ day }) => formatUtcDay(day) },
  { title: words.account, cell: ({ owner }) => <OwnerLink owner={owner} /> },
  { title: words.kind, cell: ({ kind }) => <Badge tone={TONES[kind]} label={t.overview.kinds[kind]} /> },
  { title: words.before, align: 'end', cell: ({ fromCents, currency }) => formatMoney(fromCents, currency) },
  { title: words.after, align: 'end', cell: ({ toCents, currency }) => formatMoney(toCents, currency) },
  {
    title: words.difference,
    align: 'end',
    cell: ({ fromCents, toCents, currency }) => formatMoney(toCents - fromCents, currency),
  },
]

/** What accounts changed in MRR, by day. */
export function MrrChangesPage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.mrrChanges.list.infiniteQueryOptions(
      { ...filters.values, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      name="mrr-changes"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      empty={words.empty}
      isExported
    />
  )
}
