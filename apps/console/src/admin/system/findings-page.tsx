import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { api, trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Field } from '../../parts/field.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Act } from '../kit/act.tsx'
import { choice, day, text, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { Changes } from './changes.tsx'
import { AccountLink, Id } from './links.tsx'
import { allItems, byCursor } from './list-of.ts'

type Finding = RouterOutputs['admin']['findings']['list']['items'][number]
const words = t.system.findings

const FILTERS = {
  objectId: text(words.search),
  isOpen: {
    kind: 'choice',
    label: words.state,
    options: [{ value: 'true', label: words.onlyOpen }],
    read: (written: string) => (written === 'true' ? (true as const) : undefined),
  },
  kind: choice(words.kind, [
    { value: 'unknown_at_provider', label: words.kinds.unknown_at_provider },
    { value: 'against_rules', label: words.kinds.against_rules },
    { value: 'refund_refused', label: words.kinds.refund_refused },
    { value: 'corrected', label: words.kinds.corrected },
    { value: 'event_recovered', label: words.kinds.event_recovered },
  ]),
  from: day(t.system.from, 'start'),
  to: day(t.system.to, 'last'),
} as const

const COLUMNS: Column<Finding>[] = [
  {
    title: words.kind,
    cell: ({ kind }) => (
      <span className="finding-kind">
        {words.kinds[kind]}
        <small className="quiet">{words.meanings[kind]}</small>
      </span>
    ),
  },
  { title: words.state, cell: (finding) => <State finding={finding} /> },
  { title: t.system.account, cell: ({ account }) => <AccountLink account={account} /> },
  {
    title: words.object,
    cell: ({ objectType, objectId }) => (
      <span className="system-object">
        {t.system.objects[objectType]} <Id id={objectId} />
      </span>
    ),
  },
  { title: t.system.changed, cell: ({ before, after }) => <Changes before={before} after={after} /> },
  { title: words.found, cell: ({ foundAt }) => <Moment at={foundAt} /> },
  { title: t.kit.acts, isTitleHidden: true, cell: (finding) => finding.isOpen && <Resolve finding={finding} /> },
]

export function FindingsPage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.findings.list.infiniteQueryOptions({ ...filters.values, limit: PAGE_SIZE }, byCursor),
    select: allItems,
  })
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      name="findings"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      empty={words.empty}
      isExported
    />
  )
}

function State({ finding: { isOpen, resolution } }: { finding: Finding }) {
  if (isOpen) return <Badge tone="warning" label={words.open} />
  if (!resolution) return <Badge tone="good" label={words.done} />
  return (
    <span className="system-object">
      <Badge tone="calm" label={words.resolved} />
      <span className="quiet">{resolution.note}</span>
      {resolution.by && <span className="quiet">{resolution.by.email}</span>}
    </span>
  )
}

const Resolve = ({ finding: { id, objectId, kind } }: { finding: Finding }) => (
  <Act
    open={words.resolve}
    openFully={words.resolveFully(objectId)}
    title={words.resolveTitle}
    consequences={() => [words.meanings[kind], ...words.resolveEffects]}
    confirm={words.resolveConfirm}
    run={(read) => api.admin.findings.resolve.mutate({ id, note: read('note') })}
    done={words.resolveDone}
  >
    <Field name="note" label={words.note} required maxLength={1000} />
  </Act>
)
