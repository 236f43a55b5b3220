import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'react-router'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { BusyButton } from '../../parts/busy-button.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Segments } from '../../parts/segments.tsx'
import { formatDay } from '../../words/dates.ts'
import { Section } from '../kit/detail.tsx'
import { t } from '../texts/catalogue.ts'
import { describeEntry, type Entry } from './describe-entry.ts'
import { entryPath } from './entry-path.ts'

const PAGE_SIZE = 40

type Group = keyof typeof t.timeline.groups
const GROUPS: Readonly<Record<Group, readonly Entry['kind'][] | undefined>> = {
  // Each payment causes a dozen webhooks, in which everything else would drown.
  activity: [
    ...(['sign_up', 'login', 'login_method', 'mail', 'invitation', 'membership'] as const),
    ...(['subscription', 'switch', 'payment', 'refund', 'audit'] as const),
  ],
  money: ['subscription', 'switch', 'payment', 'refund'],
  logins: ['sign_up', 'login', 'login_method'],
  mails: ['mail'],
  teams: ['membership', 'invitation'],
  events: ['webhook_event'],
  audit: ['audit'],
  all: undefined,
}
const isGroup = (name: string): name is Group => name in GROUPS

interface TimelineProps {
  /** Whose it is: a user or an account. */
  of: { userId: string } | { accountId: string }
}

/** What happened to a person or an account, newest first. The kinds are chosen in the URL. */
export function Timeline({ of }: TimelineProps) {
  const [query, setQuery] = useSearchParams()
  const asked = query.get('show') ?? ''
  const group: Group = isGroup(asked) ? asked : 'activity'
  const kinds = GROUPS[group]
  const list = useInfiniteQuery({
    ...trpc.admin.timeline.infiniteQueryOptions(
      { ...of, limit: PAGE_SIZE, ...(kinds && { kinds: [...kinds] }) },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  const subjectId = 'userId' in of ? of.userId : of.accountId
  const choose = (next: Group) =>
    setQuery(next === 'activity' ? {} : { show: next }, { replace: true, preventScrollReset: true })

  return (
    <Section
      title={t.timeline.title}
      aside={
        <Segments
          label={t.timeline.show}
          value={group}
          options={Object.entries(t.timeline.groups).map(([value, label]) => ({
            value: isGroup(value) ? value : 'activity',
            label,
          }))}
          onChange={choose}
        />
      }
    >
      <div className="timeline-frame" aria-busy={list.isPending}>
        {list.isError && list.data === undefined ? (
          <LoadFailure error={list.error} retry={() => void list.refetch()} />
        ) : list.data?.length === 0 ? (
          <p className="empty" role="status">
            {t.timeline.empty}
          </p>
        ) : (
          <Days entries={list.data} subjectId={subjectId} />
        )}
      </div>
      {list.hasNextPage && (
        <p className="list-end">
          <BusyButton quiet busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t.timeline.older}
          </BusyButton>
        </p>
      )}
    </Section>
  )
}

function Days({ entries, subjectId }: { entries: readonly Entry[] | undefined; subjectId: string }) {
  if (!entries) return <TimelineSkeleton />
  const days = [...Map.groupBy(entries, ({ at }) => formatDay(at))]
  return days.map(([day, ofDay]) => (
    <section key={day} className="timeline-day" aria-label={day}>
      <h3>{day}</h3>
      <ol className="timeline">
        {ofDay.map((entry) => (
          <TimelineEntry key={entry.id} entry={entry} path={entryPath(entry, subjectId)} />
        ))}
      </ol>
    </section>
  ))
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

function TimelineEntry({ entry, path }: { entry: Entry; path: string | null }) {
  const { title, details, badge } = describeEntry(entry)
  return (
    <li className="timeline-entry" data-kind={entry.kind}>
      <time dateTime={entry.at.toISOString()} title={entry.at.toISOString()}>
        {time.format(entry.at)}
      </time>
      <div className="timeline-words">
        <p className="timeline-title">
          {path ? <Link to={path}>{title}</Link> : title} {badge && <Badge {...badge} />}
        </p>
        {details.length > 0 && <p className="quiet timeline-details">{details.join(' · ')}</p>}
      </div>
    </li>
  )
}

const SKELETON_ENTRIES = 8

function TimelineSkeleton() {
  return (
    <ol className="timeline" aria-hidden="true">
      {Array.from({ length: SKELETON_ENTRIES }, (_, entry) => (
        <li key={entry} className="timeline-entry">
          <span className="skeleton-line">&nbsp;</span>
          <span className="skeleton-line">&nbsp;</span>
        </li>
      ))}
    </ol>
  )
}
