import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { api, trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import type { Tone } from '../../words/tone.ts'
import { Act } from '../kit/act.tsx'
import { choice, day, text, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { AccountLink, Id } from './links.tsx'
import { allItems, byCursor } from './list-of.ts'

type Event = RouterOutputs['admin']['webhookEvents']['list']['items'][number]
const words = t.system.events

const FILTERS = {
  objectId: text(words.search),
  type: text(words.type),
  customerId: text(words.customer),
  status: choice(words.status, [
    { value: 'failed', label: words.statuses.failed },
    { value: 'received', label: words.statuses.received },
    { value: 'processed', label: words.statuses.processed },
    { value: 'ignored', label: words.statuses.ignored },
  ]),
  from: day(t.system.from, 'start'),
  to: day(t.system.to, 'last'),
}

const COLUMNS: Column<Event>[] = [
  { title: words.type, cell: ({ type }) => type },
  { title: words.status, cell: ({ status }) => <EventStatus status={status} /> },
  { title: t.system.account, cell: ({ account }) => <AccountLink account={account} /> },
  { title: words.object, cell: ({ objectId }) => <Id id={objectId} /> },
  { title: words.attempts, align: 'end', cell: ({ attempts }) => attempts },
  { title: words.received, cell: ({ receivedAt }) => <Moment at={receivedAt} /> },
]

export function EventsPage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.webhookEvents.list.infiniteQueryOptions({ ...filters.values, limit: PAGE_SIZE }, byCursor),
    select: allItems,
  })
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      name="events"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      pathOf={({ id }) => `/admin/events/${id}`}
      empty={words.empty}
      isExported
      actions={
        <Act
          open={words.replayAll}
          title={words.replayAllTitle}
          consequences={() => words.replayAllEffects}
          confirm={words.replayAllConfirm}
          run={() => api.admin.webhookEvents.replayFailed.mutate()}
          done={words.replayedAll}
        />
      }
    />
  )
}

const TONES: Record<Event['status'], Tone> = { received: 'warning', processed: 'good', ignored: 'calm', failed: 'bad' }

export const EventStatus = ({ status }: Pick<Event, 'status'>) => (
  <Badge tone={TONES[status]} label={words.statuses[status]} />
)
