import { useInfiniteQuery } from '@tanstack/react-query'
import { api, trpc } from '../../api.ts'
import { Moment } from '../../parts/moment.tsx'
import { Act } from '../kit/act.tsx'
import { useFilters } from '../kit/filters.ts'
import { ListPage, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { EndpointFields, readEndpoint } from './endpoint-fields.tsx'
import { EndpointState, type Endpoint } from './endpoint-words.tsx'

const words = t.programs.endpoints

const NO_FILTERS = {}

const COLUMNS: Column<Endpoint>[] = [
  { title: words.url, cell: ({ url }) => url },
  { title: words.description, cell: ({ description }) => description },
  { title: words.types, cell: ({ types }) => (types ? words.numberOfTypes(types.length) : words.allTypes) },
  { title: words.state, cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
  { title: words.created, cell: ({ createdAt }) => <Moment at={createdAt} withTime={false} /> },
]

/** Where events are sent. */
export function EndpointsPage() {
  const filters = useFilters(NO_FILTERS)
  const list = useInfiniteQuery({
    queryKey: [...trpc.admin.webhooks.endpoints.list.queryKey(), 'pages'],
    queryFn: () => api.admin.webhooks.endpoints.list.query(),
    initialPageParam: null,
    getNextPageParam: () => null, // endpoints are few: the first page has them all
    select: ({ pages }) => pages.flat(),
  })
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      name="webhook-endpoints"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      pathOf={({ id }) => `/admin/webhooks/${id}`}
      empty={words.empty}
      actions={<CreateAct />}
    />
  )
}

const CreateAct = () => (
  <Act
    open={words.create}
    title={words.createTitle}
    confirm={words.createConfirm}
    done={words.createdDone}
    consequences={(read) => [read('which') === 'some' ? words.getsChosen : words.getsAll, words.secretOnce]}
    fieldOf={{ TOO_MANY_WEBHOOK_ENDPOINTS: 'url' }}
    run={(read) => api.admin.webhooks.endpoints.create.mutate(readEndpoint(read))}
    secretOf={({ secret }) => ({
      title: words.secretTitle,
      label: words.secret,
      value: secret,
      note: words.secretNote,
    })}
  >
    <EndpointFields />
  </Act>
)
