import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import { flag, text, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'

type Person = RouterOutputs['admin']['users']['list']['items'][number]

const FILTERS = {
  search: text(t.people.search),
  isActive: flag(t.people.isActive),
  isVerified: flag(t.people.isVerified),
  isAdmin: flag(t.people.isAdmin),
}

const COLUMNS: Column<Person>[] = [
  { title: t.people.email, cell: ({ email }) => email },
  { title: t.people.username, cell: ({ username }) => username },
  { title: t.people.status, cell: (person) => <Status {...person} /> },
  { title: t.people.signedUp, cell: ({ createdAt }) => <Moment at={createdAt} withTime={false} /> },
]

export function PeoplePage() {
  const filters = useFilters(FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.users.list.infiniteQueryOptions(
      { ...filters.values, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={t.people.title}
      name="users"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      pathOf={({ id }) => `/admin/people/${id}`}
      empty={t.people.empty}
    />
  )
}

function Status({ isActive, isVerified, isAdmin }: Person) {
  return (
    <span className="badges">
      {!isActive && <Badge tone="bad" label={t.people.disabled} />}
      {isActive && !isVerified && <Badge tone="warning" label={t.people.unverified} />}
      {isActive && isVerified && <Badge tone="good" label={t.people.active} />}
      {isAdmin && <Badge tone="calm" label={t.people.admin} />}
    </span>
  )
}
