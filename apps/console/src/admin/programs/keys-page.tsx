import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { api, trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Moment } from '../../parts/moment.tsx'
import type { Tone } from '../../words/tone.ts'
import { Act } from '../kit/act.tsx'
import { useFilters } from '../kit/filters.ts'
import { ListPage, PAGE_SIZE, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import { CreateKeyAct } from './create-key-act.tsx'

type ServiceKey = RouterOutputs['admin']['serviceKeys']['list']['items'][number]
type Status = keyof typeof words.statuses
const words = t.programs.keys

const NO_FILTERS = {}
const TONES: Record<Status, Tone> = { active: 'good', expired: 'warning', revoked: 'calm' }

const COLUMNS: Column<ServiceKey>[] = [
  { title: words.name, cell: ({ name }) => name },
  { title: words.start, cell: ({ start }) => <code>{start}…</code> },
  { title: words.scopes, cell: ({ scopes }) => <code>{scopes.join(' ')}</code> },
  {
    title: words.status,
    cell: (key) => <Badge tone={TONES[statusOf(key)]} label={words.statuses[statusOf(key)]} />,
  },
  { title: words.lastUsed, cell: ({ lastUsedAt }) => <MomentOrNever at={lastUsedAt} /> },
  { title: words.expires, cell: ({ expiresAt }) => <MomentOrNever at={expiresAt} /> },
  { title: words.created, cell: ({ createdAt }) => <Moment at={createdAt} withTime={false} /> },
  {
    title: words.acts,
    isTitleHidden: true,
    align: 'end',
    cell: (key) => key.revokedAt === null && <RevokeAct serviceKey={key} />,
  },
]

/** The keys of other programs. */
export function KeysPage() {
  const filters = useFilters(NO_FILTERS)
  const list = useInfiniteQuery({
    ...trpc.admin.serviceKeys.list.infiniteQueryOptions(
      { limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  return (
    <ListPage
      title={words.title}
      lead={words.lead}
      name="service-keys"
      filters={filters}
      list={list}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      empty={words.empty}
      actions={<CreateKeyAct />}
    />
  )
}

function RevokeAct({ serviceKey: { id, name } }: { serviceKey: ServiceKey }) {
  return (
    <Act
      open={words.revoke}
      openFully={words.revokeFully(name)}
      title={words.revokeTitle(name)}
      tone="bad"
      confirm={words.revokeConfirm}
      done={words.revoked}
      consequences={() => words.revokeEffects}
      run={() => api.admin.serviceKeys.revoke.mutate({ id })}
    />
  )
}

function MomentOrNever({ at }: { at: Date | null }) {
  return at ? <Moment at={at} withTime={false} /> : <span className="quiet">{words.never}</span>
}

function statusOf({ revokedAt, expiresAt }: ServiceKey): Status {
  if (revokedAt) return 'revoked'
  return expiresAt && expiresAt <= new Date() ? 'expired' : 'active'
}
