import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { useMemo } from 'react'
import { trpc } from '../../api.ts'
import { Moment } from '../../parts/moment.tsx'
import { choice, day, flag, text, useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { PlanCell } from './plan-cell.tsx'
import { usePlanFilter } from './plan-filter.ts'
import { UserStatus } from './user-status.tsx'
import './people.css'

type Person = RouterOutputs['admin']['users']['list']['items'][number]

const SEARCH = text(t.people.search)
const OTHERS = {
  hasSubscription: flag(t.people.hasSubscription),
  isPastDue: flag(t.people.isPastDue),
  isActive: flag(t.people.isActive),
  isVerified: flag(t.people.isVerified),
  isAdmin: flag(t.people.isAdmin),
  identity: choice(t.people.identity, [
    { value: 'google', label: t.people.google },
    { value: 'github', label: t.people.github },
  ]),
  createdFrom: day(t.people.createdFrom, 'start'),
  createdTo: day(t.people.createdTo, 'after'),
}

const COLUMNS: Column<Person>[] = [
  {
    title: t.people.person,
    cell: ({ email, username }) => (
      <span className="people-name">
        {email} <span className="quiet">{username}</span>
      </span>
    ),
  },
  { title: t.people.status, cell: (person) => <UserStatus {...person} /> },
  { title: t.people.plan, cell: ({ subscription }) => <PlanCell plan={subscription} /> },
  {
    title: t.people.organizations,
    align: 'end',
    cell: ({ organizations }) => (organizations === 0 ? '–' : organizations.toLocaleString()),
  },
  {
    title: t.people.lastLogin,
    cell: ({ lastLoginAt }) => (lastLoginAt ? <Moment at={lastLoginAt} /> : '–'),
  },
  { title: t.people.signedUp, cell: ({ createdAt }) => <Moment at={createdAt} withTime={false} /> },
]

export function PeoplePage() {
  const plan = usePlanFilter()
  const filters = useFilters(useMemo(() => ({ search: SEARCH, planCode: plan, ...OTHERS }), [plan]))
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
      isExported
    />
  )
}
