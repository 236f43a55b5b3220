import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { useState } from 'react'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Fact } from '../../parts/fact.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Page } from '../../parts/page.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import type { Tone } from '../../words/tone.ts'
import { Section } from '../kit/detail.tsx'
import { DataTable, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { Doctor } from './doctor.tsx'

type System = RouterOutputs['admin']['settings']
type Setting = System['settings'][number]
type Process = System['processes'][number]
const words = t.system.settings

/** What this installation is: its check-up, versions, processes, and effective settings. */
export function SettingsPage() {
  const system = useQuery(trpc.admin.settings.queryOptions())
  return (
    <Page title={words.title}>
      <p className="quiet">{words.lead}</p>
      <Doctor />
      {system.isError && <LoadFailure error={system.error} retry={() => void system.refetch()} />}
      {system.isPending && <Skeleton lines={10} className="system-detail-skeleton" />}
      {system.data && (
        <>
          <Versions versions={system.data.versions} />
          <Section title={words.processes}>
            {system.data.processes.length === 0 ? (
              <p className="quiet">{words.noProcesses}</p>
            ) : (
              <DataTable
                caption={words.processes}
                columns={PROCESSES}
                items={system.data.processes}
                keyOf={({ host, pid, startedAt }) => `${host} ${pid} ${startedAt.getTime()}`}
              />
            )}
          </Section>
          <Settings settings={system.data.settings} />
        </>
      )}
    </Page>
  )
}

function Versions({ versions }: Pick<System, 'versions'>) {
  return (
    <Section title={words.versions}>
      <dl className="facts">
        <Fact term={words.tollgate} value={versions.tollgate} />
        <Fact term={words.node} value={versions.node} />
        <Fact term={words.postgresql} value={versions.postgresql} />
        <Fact term={words.migration} value={versions.migration ?? t.system.none} />
        <Fact term={words.stripeApi} value={versions.stripeApi} />
      </dl>
    </Section>
  )
}

const TONES: Record<Process['state'], Tone> = { alive: 'good', quiet: 'bad', stopped: 'calm' }

const PROCESSES: Column<Process>[] = [
  { title: words.kind, cell: ({ kind }) => words.kinds[kind] },
  { title: words.state, cell: ({ state }) => <Badge tone={TONES[state]} label={words.processStates[state]} /> },
  { title: words.host, cell: ({ host }) => host },
  { title: words.pid, align: 'end', cell: ({ pid }) => pid },
  { title: words.node, cell: ({ node }) => node },
  { title: words.started, cell: ({ startedAt }) => <Moment at={startedAt} /> },
  { title: words.seen, cell: ({ seenAt }) => <Moment at={seenAt} /> },
]

const COLUMNS: Column<Setting>[] = [
  {
    title: words.name,
    cell: ({ name, description }) => (
      <span className="system-object">
        <code>{name}</code>
        <span className="quiet">{description}</span>
      </span>
    ),
  },
  {
    title: t.system.value,
    cell: ({ value }) => (value === null ? null : <code className="system-value">{value}</code>),
  },
  {
    title: words.origin,
    cell: ({ origin }) => <Badge tone={origin === 'set' ? 'good' : 'calm'} label={words.origins[origin]} />,
  },
]

function Settings({ settings }: { settings: readonly Setting[] }) {
  const [search, setSearch] = useState('')
  const [isOnlySet, setOnlySet] = useState(false)
  const wanted = search.trim().toLowerCase()
  const found = settings.filter(
    ({ name, description, origin }) =>
      (!isOnlySet || origin === 'set') && `${name} ${description}`.toLowerCase().includes(wanted),
  )
  return (
    <Section
      title={words.effective}
      aside={
        <label className="system-check">
          <input type="checkbox" checked={isOnlySet} onChange={({ target }) => setOnlySet(target.checked)} />
          {words.onlySet}
        </label>
      }
    >
      <div className="filter filter-search">
        <label htmlFor="setting-search">{words.find}</label>
        <input
          id="setting-search"
          type="search"
          data-search
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      </div>
      {found.length === 0 ? (
        <p className="empty">{words.noMatch}</p>
      ) : (
        <DataTable caption={words.effective} columns={COLUMNS} items={found} keyOf={({ name }) => name} />
      )}
    </Section>
  )
}
