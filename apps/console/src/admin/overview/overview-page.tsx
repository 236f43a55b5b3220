import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { trpc } from '../../api.ts'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Page } from '../../parts/page.tsx'
import { Segments } from '../../parts/segments.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { formatMoment } from '../../words/dates.ts'
import { t } from '../texts/catalogue.ts'
import { Charts } from './charts.tsx'
import { NeedsYou } from './needs-you.tsx'
import { Tiles } from './tiles.tsx'
import './overview.css'

const RANGES = ['7', '30', '90', '365'] as const
const DEFAULT_RANGE = '30'
/** How often the figures are read again, in milliseconds. */
const REFRESH_MS = 60_000

/** What happened, what is now, and what needs a person. */
export function OverviewPage() {
  const [query, setQuery] = useSearchParams()
  const range = RANGES.find((each) => each === query.get('range')) ?? DEFAULT_RANGE
  const fresh = { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData } as const
  const overview = useQuery({ ...trpc.admin.overview.queryOptions({ days: Number(range) }), ...fresh })
  const attention = useQuery({ ...trpc.admin.attention.queryOptions(), ...fresh })
  const failed = [overview, attention].find(({ isError, data }) => isError && data === undefined)
  return (
    <Page title={t.overview.title}>
      <div className="overview-tools">
        <Segments
          label={t.overview.range}
          value={range}
          options={RANGES.map((value) => ({ value, label: t.overview.ranges[value] }))}
          onChange={(chosen) =>
            setQuery((now) => new URLSearchParams({ ...Object.fromEntries(now), range: chosen }), {
              ...{ replace: true, preventScrollReset: true },
            })
          }
        />
        <p className="quiet overview-updated">{overview.data && t.overview.updated(formatMoment(overview.data.now))}</p>
      </div>
      {failed ? (
        <LoadFailure error={failed.error} retry={() => void Promise.all([overview.refetch(), attention.refetch()])} />
      ) : overview.data && attention.data ? (
        <div className="overview" aria-busy={overview.isPlaceholderData}>
          <NeedsYou items={attention.data.items} />
          <Tiles overview={overview.data} />
          <Charts overview={overview.data} />
        </div>
      ) : (
        <LoadingOverview />
      )}
    </Page>
  )
}

/** As high as what comes in its place. */
function LoadingOverview() {
  return (
    <div className="overview" role="status" aria-label={t.overview.loading}>
      <Skeleton className="overview-needs" lines={2} />
      <div className="overview-tiles">
        {Array.from({ length: 6 }, (_, tile) => (
          <Skeleton key={tile} className="overview-tile" lines={4} />
        ))}
      </div>
      <div className="overview-charts">
        {Array.from({ length: 4 }, (_, chart) => (
          <Skeleton key={chart} className="overview-chart overview-chart-loading" />
        ))}
      </div>
    </div>
  )
}
