import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { Link } from 'react-router'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import type { Tone } from '../../words/tone.ts'
import { choice, day, text, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { allItems, byCursor } from './list-of.ts'

type Mail = RouterOutputs['admin']['mails']['list']['items'][number]
const words = t.system.mails

const STATES: Record<Mail['state'], Tone> = { queued: 'calm', sent: 'good', failed: 'bad', expired: 'warning' }

export const MailState = ({ state }: Pick<Mail, 'state'>) => <Badge tone={STATES[state]} label={words.states[state]} />

const COLUMNS: Column<Mail>[] = [
  { title: words.subject, cell: ({ subject }) => subject ?? <span className="quiet">{words.unknownSubject}</span> },
  { title: words.to, cell: ({ email }) => email },
  { title: words.state, cell: ({ state }) => <MailState state={state} /> },
  { title: words.template, cell: ({ template }) => <code>{template}</code> },
  { title: words.queuedAt, cell: ({ createdAt }) => <Moment at={createdAt} /> },
]

export function MailsPage() {
  const templates = useQuery(trpc.admin.mails.templates.queryOptions())
  const filters = useFilters(filtersFor(templates.data?.map(({ template }) => template)))
  const list = useInfiniteQuery({
    ...trpc.admin.mails.list.infiniteQueryOptions({ ...filters.values, limit: PAGE_SIZE }, byCursor),
    select: allItems,
  })
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      name="mails"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      pathOf={({ id }) => `/admin/mails/${id}`}
      empty={words.empty}
      isExported
      actions={
        <Link className="button button-quiet" to="/admin/mails/templates">
          {words.templates}
        </Link>
      }
    />
  )
}

const FIXED = {
  email: text(words.search),
  state: choice(words.state, [
    { value: 'failed', label: words.states.failed },
    { value: 'queued', label: words.states.queued },
    { value: 'sent', label: words.states.sent },
    { value: 'expired', label: words.states.expired },
  ]),
  sentLast24h: {
    kind: 'choice',
    label: words.sentAt,
    options: [{ value: 'yes', label: words.last24h }],
    read: (written: string) => (written === 'yes' ? (true as const) : undefined),
  },
} as const
const RANGE = { from: day(t.system.from, 'start'), to: day(t.system.to, 'last') }

type Definitions = typeof FIXED & typeof RANGE & { template: ReturnType<typeof choice<string>> }
const known = new Map<string, Definitions>()

/** The same object for the same templates, because the filters' values depend on it. */
function filtersFor(templates: readonly string[] = []): Definitions {
  const key = templates.join(' ')
  const options = templates.map((template) => ({ value: template, label: template }))
  const definitions = known.get(key) ?? { ...FIXED, template: choice(words.template, options), ...RANGE }
  known.set(key, definitions)
  return definitions
}
