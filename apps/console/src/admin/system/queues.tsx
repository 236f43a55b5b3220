import type { UseQueryResult } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { useState } from 'react'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { Section } from '../kit/detail.tsx'
import { DataTable, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'

type Counts = RouterOutputs['admin']['jobs']['counts']
type Queue = Counts['queues'][number]
const words = t.system.jobs

interface QueuesProps {
  counts: UseQueryResult<Counts, unknown>
  onChoose: (queue: string) => void
}

/** How many jobs each queue has. Idle queues are hidden until someone asks. */
export function Queues({ counts, onChoose }: QueuesProps) {
  const [showsAll, setShowsAll] = useState(false)
  if (counts.data === undefined)
    return (
      <Section title={words.queues}>
        {counts.isError ? (
          <LoadFailure error={counts.error} retry={() => void counts.refetch()} />
        ) : (
          <Skeleton lines={4} />
        )}
      </Section>
    )
  const { queues, maximum } = counts.data
  const busy = queues.filter(({ queued, running, retry, failed }) => queued + running + retry + failed > 0)
  const idle = queues.length - busy.length
  const number = (value: number) => t.system.atOnce(value, value >= maximum)
  const columns: Column<Queue>[] = [
    {
      title: words.queue,
      cell: ({ queue }) => (
        <button type="button" className="system-link" onClick={() => onChoose(queue)}>
          <code>{queue}</code>
        </button>
      ),
    },
    {
      title: words.states.failed,
      align: 'end',
      cell: ({ failed }) => <Count of={failed} text={number(failed)} isBad />,
    },
    { title: words.states.retry, align: 'end', cell: ({ retry }) => <Count of={retry} text={number(retry)} /> },
    { title: words.states.running, align: 'end', cell: ({ running }) => <Count of={running} text={number(running)} /> },
    { title: words.states.queued, align: 'end', cell: ({ queued }) => <Count of={queued} text={number(queued)} /> },
    {
      title: words.oldest,
      align: 'end',
      cell: ({ oldest }) => (oldest > 0 ? words.seconds(oldest) : <span className="quiet">–</span>),
    },
  ]
  return (
    <Section
      title={words.queues}
      aside={
        idle > 0 && (
          <button type="button" className="system-link" aria-expanded={showsAll} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? words.hideQuiet : words.showQuiet(idle)}
          </button>
        )
      }
    >
      {busy.length === 0 && !showsAll ? (
        <p className="quiet">{words.allQuiet}</p>
      ) : (
        <DataTable
          caption={words.queues}
          columns={columns}
          items={showsAll ? queues : busy}
          keyOf={({ queue }) => queue}
        />
      )}
    </Section>
  )
}

function Count({ of, text, isBad = false }: { of: number; text: string; isBad?: boolean }) {
  if (of === 0) return <span className="quiet">0</span>
  return isBad ? <strong className="system-bad">{text}</strong> : text
}
