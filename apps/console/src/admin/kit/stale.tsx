import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef } from 'react'
import { queryClient, trpc } from '../../api.ts'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Notice } from '../../parts/notice.tsx'
import { t } from '../texts/catalogue.ts'

/** How to find out what someone else has changed. */
export interface News<State> {
  latest: () => Promise<State>
  /** What differs, one sentence each. */
  changes: (seen: State, now: State) => readonly string[]
}

interface StaleProps<State> {
  seen: State
  news: News<State>
  reload: (now: State) => void
}

/** Says what someone else has changed since the dialog was opened, and offers to start over with that. */
export function Stale<State>({ seen, news, reload }: StaleProps<State>) {
  const query = useQuery({ queryKey: ['stale', useId()], queryFn: news.latest, staleTime: 0, gcTime: 0, retry: false })
  const words = t.kit.stale
  const shown = useRef<HTMLDivElement>(null)
  // It is below the fields, and the dialog may be longer than the window.
  useEffect(() => {
    shown.current?.scrollIntoView({ block: 'nearest' }) // with braces: in newer browsers it returns a promise
  }, [query.data])
  if (query.isError) return <LoadFailure error={query.error} retry={() => void query.refetch()} />
  const { data: now } = query
  if (now === undefined) return <p className="quiet">{words.looking}</p>
  const changes = news.changes(seen, now)
  return (
    <div ref={shown}>
      <Notice tone="bad">
        <p>{changes.length > 0 ? words.title : words.same}</p>
        <ul className="bullets">
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
        <p>{words.hint}</p>
        <button
          type="button"
          className="button button-quiet button-small"
          onClick={() => {
            void queryClient.invalidateQueries(trpc.admin.pathFilter())
            reload(now)
          }}
        >
          {words.reload}
        </button>
      </Notice>
    </div>
  )
}

/** One sentence for each text that differs: `Name: Pro → Professional`. */
export function differences(
  seen: readonly (readonly [label: string, text: string])[],
  now: readonly (readonly [label: string, text: string])[],
): string[] {
  const { none, changed } = t.kit.stale
  const labels = new Set([...seen, ...now].map(([label]) => label))
  return [...labels].flatMap((label) => {
    const [before, after] = [seen, now].map((texts) => texts.find(([other]) => other === label)?.[1] || none)
    return before === after ? [] : [changed(label, before ?? none, after ?? none)]
  })
}
