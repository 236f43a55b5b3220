import { useQuery } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { Link, useParams } from 'react-router'
import { trpc } from '../../api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Fact } from '../../parts/fact.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { describeDevice } from '../../words/device.ts'
import { ROLES } from '../../words/role.ts'
import { DetailPage, Section } from '../kit/detail.tsx'
import { AccountMoney } from '../money/account-money.tsx'
import { t } from '../texts/catalogue.ts'
import { AccountSummary, SummarySkeleton } from './account-summary.tsx'
import { OwnData } from './own-data.tsx'
import { PlanCell } from './plan-cell.tsx'
import { Timeline } from './timeline.tsx'
import { UserActs } from './user-acts.tsx'
import type { User } from './user-effects.ts'
import { UserStatus } from './user-status.tsx'
import './people.css'

const BACK = { to: '/admin/people', label: t.people.title }

/** One person: who they are, what they may use and why, and what happened. */
export function PersonPage() {
  const { id = '' } = useParams()
  const user = useQuery(trpc.admin.users.get.queryOptions({ id }))
  const account = useQuery(trpc.admin.accounts.get.queryOptions({ id }))
  const failed = [user, account].find(({ isError }) => isError)
  const isUnknown = isTollgateError(user.error, 'USER_NOT_FOUND') || isTollgateError(user.error, 'INVALID_INPUT')
  if (isUnknown) {
    return (
      <DetailPage title={t.people.unknown} back={BACK}>
        {null}
      </DetailPage>
    )
  }
  return (
    <DetailPage
      title={user.data?.email ?? t.people.person}
      back={BACK}
      badges={<span className="people-head">{user.data && <UserStatus {...user.data} />}</span>}
      acts={user.data && <UserActs user={user.data} />}
    >
      {account.data ? <AccountSummary account={account.data} /> : !account.isError && <SummarySkeleton />}
      {failed && (
        <LoadFailure error={failed.error} retry={() => void Promise.all([user.refetch(), account.refetch()])} />
      )}
      <div className="people-money">
        <AccountMoney accountId={id} />
      </div>
      {user.data && <OwnData of="user" id={id} data={user.data} />}
      <div className="detail people-columns">
        <div className="people-side">{user.data && <Side user={user.data} />}</div>
        <Timeline of={{ userId: id }} />
      </div>
    </DetailPage>
  )
}

function Side({ user }: { user: User }) {
  return (
    <>
      <Section title={t.people.who}>
        <Who user={user} />
      </Section>
      <Section title={t.people.accounts}>
        <Accounts accounts={user.accounts} />
      </Section>
      <Section title={t.people.sessions}>
        <Sessions sessions={user.sessions} />
      </Section>
      <Section title={t.people.mails}>
        <Mails mails={user.mails} />
      </Section>
    </>
  )
}

function Who({ user }: { user: User }) {
  const { firstName, lastName } = user.profile
  const name = [firstName, lastName].filter(Boolean).join(' ')
  const methods = [
    ...(user.hasPassword ? [t.people.password] : []),
    ...user.identities.map(({ provider, email }) => `${t.people[provider]}${email ? ` (${email})` : ''}`),
  ]
  return (
    <dl className="people-facts">
      {name && <Fact term={t.people.name} value={name} />}
      <Fact term={t.people.username} value={user.username} />
      <Fact term={t.people.signedUp} value={<Moment at={user.createdAt} />} />
      <Fact term={t.people.lastLogin} value={user.lastLoginAt ? <Moment at={user.lastLoginAt} /> : t.people.noLogin} />
      <Fact term={t.people.loginMethods} value={methods.join(', ') || t.people.noLoginMethod} />
      <Fact term={t.people.id} value={<code>{user.id}</code>} />
    </dl>
  )
}

function Accounts({ accounts }: Pick<User, 'accounts'>) {
  return (
    <ul className="people-list">
      {accounts.map(({ id, kind, name, role, members, subscription }) => (
        <li key={id}>
          <Link to={`/admin/accounts/${id}`}>{kind === 'personal' ? t.people.personal : name}</Link>
          <span className="quiet">
            {kind === 'personal' ? null : `${ROLES[role].label} · ${t.people.membersCount(members)} · `}
            <PlanCell plan={subscription} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function Sessions({ sessions }: Pick<User, 'sessions'>) {
  if (sessions.length === 0) return <p className="quiet">{t.people.noSessions}</p>
  return (
    <ul className="people-list">
      {sessions.map(({ id, userAgent, ip, lastUsedAt }) => (
        <li key={id}>
          {describeDevice(userAgent)}
          <span className="quiet">
            {t.timeline.from(ip)} · {t.people.lastUsed} <Moment at={lastUsedAt} />
          </span>
        </li>
      ))}
    </ul>
  )
}

function Mails({ mails }: Pick<User, 'mails'>) {
  if (mails.recent.length === 0) return <p className="quiet">{t.people.noMails}</p>
  return (
    <>
      {mails.waiting > 0 && <p>{t.people.mailsWaiting(mails.waiting)}</p>}
      <ul className="people-list">
        {mails.recent.map(({ id, template, createdAt, sentAt }) => (
          <li key={id}>
            <Link to={`/admin/mails/${id}`}>{template.replaceAll('-', ' ')}</Link>
            <span className="quiet">
              <Moment at={sentAt ?? createdAt} /> {!sentAt && <Badge tone="warning" label={t.people.waiting} />}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
