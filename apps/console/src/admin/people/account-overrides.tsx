import { useQuery } from '@tanstack/react-query'
import { api, trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Field } from '../../parts/field.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ActOn } from '../kit/act.tsx'
import { Section } from '../kit/detail.tsx'
import { DataTable, type Column } from '../kit/list-page.tsx'
import type { News } from '../kit/stale.tsx'
import { t } from '../texts/catalogue.ts'
import { describeValue, OverrideAct, overrideNews, type Override } from './override-act.tsx'

const words = t.overrides

const COLUMNS: Column<Override>[] = [
  { title: words.feature, cell: ({ feature }) => <code>{feature}</code> },
  { title: words.value, cell: ({ value }) => describeValue(value) },
  {
    title: words.until,
    cell: ({ until }) => (until ? <Moment at={until} /> : <span className="quiet">{words.forever}</span>),
  },
  { title: words.reason, cell: ({ reason }) => <span className="people-reason">{reason}</span> },
  {
    title: words.status,
    cell: ({ isCurrent }) => (
      <Badge tone={isCurrent ? 'good' : 'calm'} label={isCurrent ? words.current : words.expired} />
    ),
  },
]
const WITH_ACTS: Column<Override>[] = [
  ...COLUMNS,
  { title: words.acts, isTitleHidden: true, align: 'end', cell: (override) => <RemoveAct override={override} /> },
]

/** What an account may use, whatever its plan says. */
export function AccountOverrides({ accountId, isClosed }: { accountId: string; isClosed: boolean }) {
  const list = useQuery(trpc.admin.entitlements.list.queryOptions({ accountId }))
  return (
    <Section
      title={words.title}
      aside={!isClosed && list.data && <OverrideAct accountId={accountId} overrides={list.data} />}
    >
      {list.isError && !list.data && <LoadFailure error={list.error} retry={() => void list.refetch()} />}
      {list.data?.length === 0 && <p className="quiet">{words.empty}</p>}
      {list.data && list.data.length > 0 && (
        <DataTable
          caption={words.title}
          columns={isClosed ? COLUMNS : WITH_ACTS}
          items={list.data}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  )
}

/** What another operator has changed about this one. */
const newsOf = ({ accountId, feature }: Override): News<readonly Override[]> => ({
  ...overrideNews(accountId),
  latest: async () => (await overrideNews(accountId).latest()).filter((each) => each.feature === feature),
})

function RemoveAct({ override }: { override: Override }) {
  const { accountId, feature, isCurrent } = override
  return (
    <ActOn
      seen={[override]}
      news={newsOf(override)}
      open={words.remove}
      openFully={words.removeFully(feature)}
      title={words.removeTitle(feature)}
      tone="bad"
      confirm={words.removeConfirm}
      done={words.removeDone}
      consequences={() => [isCurrent ? words.removeEffect : words.removeExpired]}
      run={(read, [seen]) => {
        const reason = read('reason').trim()
        return api.admin.entitlements.remove.mutate({
          accountId,
          feature,
          revision: seen?.revision,
          ...(reason !== '' && { reason }),
        })
      }}
    >
      <Field name="reason" label={words.removeReason} maxLength={500} autoComplete="off" />
    </ActOn>
  )
}
