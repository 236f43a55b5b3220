import { useQuery } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { Link, useParams } from 'react-router'
import { api, trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Field } from '../../parts/field.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Notice } from '../../parts/notice.tsx'
import { formatDay } from '../../words/dates.ts'
import { ROLES } from '../../words/role.ts'
import { Act } from '../kit/act.tsx'
import { DetailPage, Section } from '../kit/detail.tsx'
import { AccountMoney } from '../money/account-money.tsx'
import { t } from '../texts/catalogue.ts'
import { AccountMembers } from './account-members.tsx'
import { AccountOverrides } from './account-overrides.tsx'
import { AccountSummary, SummarySkeleton, type Account } from './account-summary.tsx'
import { AccountUsage } from './account-usage.tsx'
import { OwnData } from './own-data.tsx'
import { Timeline } from './timeline.tsx'
import './people.css'

const BACK = { to: '/admin/accounts', label: t.accounts.title }

/** One account: who pays, for whom, and what happened. */
export function AccountPage() {
  const { id = '' } = useParams()
  const account = useQuery(trpc.admin.accounts.get.queryOptions({ id }))
  const { data } = account
  if (account.isError && !data) {
    const isUnknown =
      isTollgateError(account.error, 'ACCOUNT_NOT_FOUND') || isTollgateError(account.error, 'INVALID_INPUT')
    return (
      <DetailPage title={isUnknown ? t.accounts.unknown : t.accounts.account} back={BACK}>
        {isUnknown ? null : <LoadFailure error={account.error} retry={() => void account.refetch()} />}
      </DetailPage>
    )
  }
  const isOrganization = data?.kind === 'organization'
  return (
    <DetailPage
      title={data?.name ?? t.accounts.account}
      back={BACK}
      badges={<span className="people-head badges">{data && <Badges account={data} />}</span>}
      acts={
        data && (
          <>
            {!isOrganization && <Link to={`/admin/people/${id}`}>{t.accounts.toPerson}</Link>}
            {isOrganization && !data.isClosed && <Rename account={data} />}
          </>
        )
      }
    >
      {isOrganization && !data.isClosed && !data.owner?.isActive && (
        <Notice tone="warning">{t.accounts.noActiveOwner}</Notice>
      )}
      {data ? <AccountSummary account={data} /> : <SummarySkeleton />}
      <div className="people-money">
        <AccountMoney accountId={id} />
      </div>
      {data && !data.isClosed && <AccountUsage accountId={id} />}
      <AccountOverrides accountId={id} isClosed={data?.isClosed ?? true} />
      {data && <OwnData of="account" id={id} data={data} />}
      {isOrganization && <AccountMembers account={data} />}
      {isOrganization && data.invitations.length > 0 && <Invitations account={data} />}
      <Timeline of={{ accountId: id }} />
    </DetailPage>
  )
}

function Badges({ account: { kind, closedAt, isClosed } }: { account: Account }) {
  return (
    <>
      <Badge tone="calm" label={t.accounts[kind]} />
      {isClosed && <Badge tone="bad" label={closedAt ? t.accounts.closedOn(formatDay(closedAt)) : t.accounts.closed} />}
    </>
  )
}

function Rename({ account: { id: accountId, name } }: { account: Account }) {
  return (
    <Act
      open={t.accounts.rename}
      title={t.accounts.renameTitle(name)}
      consequences={() => [t.accounts.renameEffect]}
      confirm={t.accounts.renameConfirm}
      run={(read) => api.admin.accounts.update.mutate({ accountId, name: read('name') })}
      done={t.accounts.renamed}
    >
      <Field name="name" label={t.accounts.newName} defaultValue={name} required maxLength={100} />
    </Act>
  )
}

function Invitations({ account: { invitations } }: { account: Account }) {
  return (
    <Section title={t.accounts.invitations}>
      <ul className="people-list">
        {invitations.map(({ id, email, role, invitedBy, expiresAt, isExpired }) => (
          <li key={id}>
            {email}
            <span className="quiet">
              {ROLES[role].label}
              {invitedBy && ` · ${t.accounts.invitedBy} ${invitedBy}`} · {t.accounts.expires} <Moment at={expiresAt} />{' '}
              {isExpired && <Badge tone="warning" label={t.accounts.expired} />}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
