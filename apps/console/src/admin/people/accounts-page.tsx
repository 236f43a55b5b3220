import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouterInputs, RouterOutputs } from '@tollgate/client'
import { useMemo } from 'react'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import { choice, flag, text, useFilters, type Filter } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { PlanCell } from './plan-cell.tsx'
import { usePlanFilter } from './plan-filter.ts'
import './people.css'

type Account = RouterOutputs['admin']['accounts']['list']['items'][number]
type Status = NonNullable<NonNullable<RouterInputs['admin']['accounts']['list']>['status']>

const SIZES = [2, 5, 10, 50]
const STATUSES: readonly Status[] = ['none', 'active', 'trialing', 'past_due', 'unpaid', 'paused', 'pending']

const minMembers: Filter<number> = {
  kind: 'choice',
  label: t.accounts.minMembers,
  options: SIZES.map((size) => ({ value: String(size), label: t.accounts.atLeast(size) })),
  read: (written) => SIZES.find((size) => String(size) === written),
}

const SEARCH = text(t.accounts.search)
const OTHERS = {
  kind: choice(t.accounts.kind, [
    { value: 'personal', label: t.accounts.personal },
    { value: 'organization', label: t.accounts.organization },
  ]),
  status: choice(
    t.accounts.subscription,
    STATUSES.map((value) => ({ value, label: t.accounts.statuses[value] })),
  ),
  minMembers,
  isClosed: flag(t.accounts.isClosed),
}

const COLUMNS: Column<Account>[] = [
  { title: t.accounts.account, cell: ({ name }) => name },
  {
    title: t.accounts.kind,
    cell: ({ kind, isClosed }) => (
      <span className="badges">
        {t.accounts[kind]}
        {isClosed && <Badge tone="bad" label={t.accounts.closed} />}
      </span>
    ),
  },
  { title: t.accounts.owner, cell: (account) => <OwnerCell account={account} /> },
  { title: t.accounts.plan, cell: ({ subscription }) => <PlanCell plan={subscription} /> },
  { title: t.accounts.members, align: 'end', cell: ({ members }) => members.toLocaleString() },
  { title: t.accounts.created, cell: ({ createdAt }) => <Moment at={createdAt} withTime={false} /> },
]

export function AccountsPage() {
  const plan = usePlanFilter()
  const filters = useFilters(useMemo(() => ({ search: SEARCH, planCode: plan, ...OTHERS }), [plan]))
  const list = useInfiniteQuery({
    ...trpc.admin.accounts.list.infiniteQueryOptions(
      { ...filters.values, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={t.accounts.title}
      name="accounts"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      pathOf={({ id }) => `/admin/accounts/${id}`}
      empty={t.accounts.empty}
      isExported
    />
  )
}

function OwnerCell({ account: { kind, owner } }: { account: Account }) {
  if (!owner) return <Badge tone="bad" label={t.accounts.noOwner} />
  const cannotAct = kind === 'organization' && !owner.isActive
  return (
    <span className="people-name">
      {owner.email} {cannotAct && <Badge tone="bad" label={t.accounts.ownerDisabled} />}
    </span>
  )
}
