import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { Link } from 'react-router'
import { trpc } from '../../api.ts'
import { Moment } from '../../parts/moment.tsx'
import { actionInWords } from '../kit/action-in-words.ts'
import { choice, day, text, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { choicesOf } from '../money/money-words.ts'
import { t } from '../texts/catalogue.ts'
import { Changes } from './changes.tsx'
import { Id } from './links.tsx'
import { allItems, byCursor } from './list-of.ts'

type Entry = RouterOutputs['admin']['audit']['list']['items'][number]
const words = t.system.audit

const FILTERS = {
  actorEmail: text(words.actor),
  action: choice(words.action, choicesOf(t.audit.actions)),
  targetType: choice(words.targetType, choicesOf(t.audit.targets)),
  targetId: text(words.targetId),
  from: day(t.system.from, 'start'),
  to: day(t.system.to, 'last'),
}

/** Where the target of an entry has its page. */
const PAGES: Readonly<Record<string, string>> = {
  user: '/admin/people',
  account: '/admin/accounts',
  subscription: '/admin/subscriptions',
  payment: '/admin/payments',
  plan: '/admin/plans',
  webhook_event: '/admin/events',
  webhook_endpoint: '/admin/webhooks',
  mail: '/admin/mails',
}
const isKnownTarget = (type: string): type is keyof typeof t.audit.targets => type in t.audit.targets
/** A target that is one thing, and not a group such as all failed jobs. */
const IS_ID = /^[0-9a-f]{8}-/

const COLUMNS: Column<Entry>[] = [
  { title: words.action, cell: ({ action }) => actionInWords(action) },
  { title: words.who, cell: ({ actor, ip }) => <Who actor={actor} ip={ip} /> },
  { title: words.target, cell: (entry) => <Target entry={entry} /> },
  { title: words.what, cell: ({ before, after }) => <Changes before={before} after={after} /> },
  { title: words.when, cell: ({ createdAt }) => <Moment at={createdAt} /> },
]

export function AuditPage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.audit.list.infiniteQueryOptions({ ...filters.values, limit: PAGE_SIZE }, byCursor),
    select: allItems,
  })
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      name="audit"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      empty={words.empty}
      isExported
    />
  )
}

function Who({ actor, ip }: Pick<Entry, 'actor' | 'ip'>) {
  if (!actor) return <span className="quiet">{words.terminal}</span>
  return (
    <span className="system-object">
      <Link to={`/admin/people/${actor.id}`}>{actor.email || actor.id}</Link>
      {ip && <span className="quiet">{ip}</span>}
    </span>
  )
}

function Target({ entry: { targetType, targetId } }: { entry: Entry }) {
  const name = isKnownTarget(targetType) ? t.audit.targets[targetType] : targetType
  const page = IS_ID.test(targetId) ? PAGES[targetType] : undefined
  return (
    <span className="system-object">
      {page ? <Link to={`${page}/${targetId}`}>{name}</Link> : name}
      <Id id={targetId} />
    </span>
  )
}
