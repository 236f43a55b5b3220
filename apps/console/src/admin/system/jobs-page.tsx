import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { errorText, type RouterOutputs } from '@tollgate/client'
import { api, queryClient, trpc } from '../../api.ts'
import { BusyButton } from '../../parts/busy-button.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Notice } from '../../parts/notice.tsx'
import { notify } from '../../parts/notify.ts'
import { Act } from '../kit/act.tsx'
import { choice, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { allItems, byCursor } from './list-of.ts'
import { Queues } from './queues.tsx'
import { ScheduleTable } from './schedule-table.tsx'

type Job = RouterOutputs['admin']['jobs']['list']['items'][number]
const words = t.system.jobs

/** All queues and the schedule, and the jobs in one state: failed ones unless another state is chosen. */
export function JobsPage() {
  const counts = useQuery({ ...trpc.admin.jobs.counts.queryOptions(), refetchInterval: REFRESH_MS })
  const filters = useFilters(filtersFor(counts.data?.queues.map(({ queue }) => queue)))
  const state = filters.values.state ?? 'failed'
  const { queue } = filters.values
  const list = useInfiniteQuery({
    ...trpc.admin.jobs.list.infiniteQueryOptions({ state, ...(queue && { queue }), limit: PAGE_SIZE }, byCursor),
    select: allItems,
  })
  return (
    <>
      <ListPage
        title={words.title}
        lead={words.lead}
        name="jobs"
        filters={filters}
        list={list}
        columns={COLUMNS}
        keyOf={({ id }) => id}
        empty={words.empty[state]}
        isExported
        actions={
          <Act
            open={words.retryAll}
            title={words.retryAllTitle}
            consequences={() => words.retryAllEffects(queue)}
            confirm={words.retryAllConfirm}
            run={() => api.admin.jobs.retryAll.mutate(queue ? { queue } : {})}
            done={words.retriedAll}
          />
        }
      />
      <div className="system-below">
        <Queues counts={counts} onChoose={(chosen) => filters.set('queue', chosen)} />
        <ScheduleTable />
      </div>
    </>
  )
}

/** How often the counts are read again, in milliseconds. */
const REFRESH_MS = 10_000

const STATE = choice(
  words.state,
  [
    { value: 'failed', label: words.states.failed },
    { value: 'retry', label: words.states.retry },
    { value: 'running', label: words.states.running },
    { value: 'queued', label: words.states.queued },
  ],
  'failed',
)

type Definitions = { state: typeof STATE; queue: ReturnType<typeof choice<string>> }
const known = new Map<string, Definitions>()

/** The same object for the same queues, because the filters' values depend on it. */
function filtersFor(queues: readonly string[] = []): Definitions {
  const key = queues.join(' ')
  const definitions = known.get(key) ?? {
    state: STATE,
    queue: choice(
      words.queue,
      queues.map((queue) => ({ value: queue, label: queue })),
    ),
  }
  known.set(key, definitions)
  return definitions
}

const COLUMNS: Column<Job>[] = [
  { title: words.queue, cell: ({ queue }) => <code>{queue}</code> },
  { title: words.about, cell: ({ data }) => <Data data={data} /> },
  { title: words.error, cell: ({ error }) => <Problem error={error ?? ''} /> },
  { title: words.attempts, align: 'end', cell: ({ attempts }) => attempts },
  { title: words.due, cell: ({ dueAt }) => <Moment at={dueAt} /> },
  { title: t.kit.acts, isTitleHidden: true, cell: (job) => <JobActs job={job} /> },
]

/** The error of the last attempt. Its first line is enough to recognize it; the rest opens below. */
function Problem({ error }: { error: string }) {
  const [first = ''] = error.split('\n')
  if (error === '') return null
  return (
    <details>
      <summary className="system-error">{first}</summary>
      <pre>{error}</pre>
    </details>
  )
}

function Data({ data }: { data: Readonly<Record<string, unknown>> }) {
  const fields = Object.entries(data)
  if (fields.length === 0) return <span className="quiet">{t.system.none}</span>
  return (
    <span className="system-data">
      {fields.map(([name, value]) => (
        <span key={name}>
          <span className="quiet">{name}</span>{' '}
          <code className="system-id">{typeof value === 'string' ? value : JSON.stringify(value)}</code>
        </span>
      ))}
    </span>
  )
}

function JobActs({ job: { id, queue, state } }: { job: Job }) {
  const retry = useMutation({
    mutationFn: () => api.admin.jobs.retry.mutate({ id }),
    async onSuccess() {
      notify(words.retried)
      await queryClient.invalidateQueries(trpc.admin.jobs.pathFilter())
    },
  })
  if (state === 'running' || state === 'queued') return null
  return (
    <span className="system-acts">
      <BusyButton quiet busy={retry.isPending} aria-label={words.retryFully(queue)} onClick={() => retry.mutate()}>
        {state === 'failed' ? words.retry : words.retryNow}
      </BusyButton>
      {state === 'failed' && (
        <Act
          open={words.discard}
          openFully={words.discardFully(queue)}
          title={words.discardTitle}
          consequences={() => words.discardEffects(queue)}
          confirm={words.discardConfirm}
          run={() => api.admin.jobs.discard.mutate({ id })}
          done={words.discarded}
          tone="bad"
        />
      )}
      {retry.isError && <Notice tone="bad">{errorText(retry.error)}</Notice>}
    </span>
  )
}
