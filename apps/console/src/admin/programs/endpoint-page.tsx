import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { trpc } from '../../api.ts'
import { NotFound } from '../../pages/not-found.tsx'
import { Fact } from '../../parts/fact.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { DetailPage } from '../kit/detail.tsx'
import { choice, text, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { EndpointActs } from './endpoint-acts.tsx'
import {
  DeliveryState,
  EndpointState,
  EVENT_TYPES,
  lastAnswerOf,
  type Delivery,
  type Endpoint,
} from './endpoint-words.tsx'
import { ResendAct, ResendParkedAct } from './resend-acts.tsx'

const words = t.programs.endpoints
const BACK = { to: '/admin/webhooks', label: words.title }

const FILTERS = {
  eventId: text(words.deliveries.searchEvent),
  state: choice(words.deliveries.state, [
    { value: 'parked', label: words.deliveries.states.parked },
    { value: 'waiting', label: words.deliveries.states.waiting },
    { value: 'delivered', label: words.deliveries.states.delivered },
  ]),
  type: choice(
    words.deliveries.event,
    EVENT_TYPES.map((type) => ({ value: type, label: type })),
  ),
}

const COLUMNS: Column<Delivery>[] = [
  { title: words.deliveries.event, cell: ({ type }) => type },
  { title: words.deliveries.state, cell: ({ state }) => <DeliveryState state={state} /> },
  { title: words.deliveries.attempts, align: 'end', cell: ({ attempts }) => attempts },
  { title: words.deliveries.lastAnswer, cell: lastAnswerOf },
  {
    title: words.deliveries.next,
    cell: ({ nextAttemptAt }) => (nextAttemptAt ? <Moment at={nextAttemptAt} /> : <span className="quiet">–</span>),
  },
  { title: words.deliveries.created, cell: ({ createdAt }) => <Moment at={createdAt} /> },
  {
    title: t.programs.keys.acts,
    isTitleHidden: true,
    align: 'end',
    cell: (delivery) => delivery.state === 'parked' && <ResendAct delivery={delivery} />,
  },
]

/** One endpoint, and what was sent to it. */
export function EndpointPage() {
  const { id = '' } = useParams()
  const endpoints = useQuery(trpc.admin.webhooks.endpoints.list.queryOptions())
  const endpoint = endpoints.data?.find((each) => each.id === id)
  if (endpoint) return <EndpointWithDeliveries endpoint={endpoint} />
  if (endpoints.data) return <NotFound />
  return (
    <DetailPage title={words.title} back={BACK}>
      {endpoints.isError ? (
        <LoadFailure error={endpoints.error} retry={() => void endpoints.refetch()} />
      ) : (
        <Skeleton lines={8} />
      )}
    </DetailPage>
  )
}

function EndpointWithDeliveries({ endpoint }: { endpoint: Endpoint }) {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.webhooks.deliveries.list.infiniteQueryOptions(
      { ...filters.values, endpointId: endpoint.id, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={endpoint.url}
      above={<Link to={BACK.to}>← {BACK.label}</Link>}
      summary={<Summary endpoint={endpoint} />}
      name="webhook-deliveries"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      pathOf={({ id }) => `/admin/deliveries/${id}`}
      empty={words.deliveries.empty}
      actions={<ResendParkedAct endpoint={endpoint} />}
    />
  )
}

function Summary({ endpoint }: { endpoint: Endpoint }) {
  const { offReason, description, types, failingSince, secretExpiresAt, createdAt } = endpoint
  return (
    <>
      <div className="detail-head">
        <div className="badges">
          <EndpointState endpoint={endpoint} />
        </div>
        <div className="detail-acts">
          <EndpointActs endpoint={endpoint} />
        </div>
      </div>
      {offReason && <Notice tone="warning">{words.offReasons[offReason]}</Notice>}
      <dl className="facts">
        {description !== '' && <Fact term={words.description} value={description} />}
        <Fact term={words.types} value={types?.join(', ') ?? words.allTypesNote} />
        {failingSince && <Fact term={words.failingSince} value={<Moment at={failingSince} />} />}
        {secretExpiresAt && <Fact term={words.oldSecretUntil} value={<Moment at={secretExpiresAt} />} />}
        <Fact term={words.created} value={<Moment at={createdAt} />} />
      </dl>
    </>
  )
}
