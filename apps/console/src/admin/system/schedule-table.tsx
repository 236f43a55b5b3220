import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import type { Tone } from '../../words/tone.ts'
import { Section } from '../kit/detail.tsx'
import { DataTable, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'

type Entry = RouterOutputs['admin']['jobs']['schedule'][number]
type Result = NonNullable<Entry['lastRun']>['result']
const words = t.system.jobs

const TONES: Record<Result, Tone> = {
  waiting: 'calm',
  running: 'calm',
  retry: 'warning',
  succeeded: 'good',
  failed: 'bad',
}

const COLUMNS: Column<Entry>[] = [
  { title: words.queue, cell: ({ queue }) => <code>{queue}</code> },
  { title: words.cron, cell: ({ cron }) => <code>{cron}</code> },
  { title: words.nextRun, cell: ({ nextRunAt }) => nextRunAt && <Moment at={nextRunAt} /> },
  { title: words.lastRun, cell: ({ lastRun }) => <LastRun lastRun={lastRun} /> },
  {
    title: words.result,
    cell: ({ lastRun }) =>
      lastRun && (
        <span title={lastRun.error ?? undefined}>
          <Badge tone={TONES[lastRun.result]} label={words.results[lastRun.result]} />
        </span>
      ),
  },
]

/** What runs by the clock. */
export function ScheduleTable() {
  const schedule = useQuery(trpc.admin.jobs.schedule.queryOptions())
  return (
    <Section title={words.schedule}>
      {schedule.isError ? (
        <LoadFailure error={schedule.error} retry={() => void schedule.refetch()} />
      ) : schedule.data?.length === 0 ? (
        <p className="quiet">{words.noSchedule}</p>
      ) : (
        <DataTable caption={words.schedule} columns={COLUMNS} items={schedule.data} keyOf={({ queue }) => queue} />
      )}
    </Section>
  )
}

function LastRun({ lastRun }: Pick<Entry, 'lastRun'>) {
  const at = lastRun?.finishedAt ?? lastRun?.startedAt
  return at ? <Moment at={at} /> : <span className="quiet">{words.never}</span>
}
