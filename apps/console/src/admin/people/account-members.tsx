import { useInfiniteQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@tollgate/client'
import { api, trpc } from '../../api.ts'
import { BusyButton } from '../../parts/busy-button.tsx'
import { LoadFailure } from '../../parts/load-failure.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Select } from '../../parts/select.tsx'
import type { Role } from '../../words/rights.ts'
import { ROLES, rolesToGive } from '../../words/role.ts'
import { Act } from '../kit/act.tsx'
import { Section } from '../kit/detail.tsx'
import { DataTable, type Column } from '../kit/list-page.tsx'
import { t } from '../texts/catalogue.ts'
import type { Account } from './account-summary.tsx'

type Member = RouterOutputs['admin']['accounts']['members']['list']['items'][number]

const PAGE_SIZE = 50
const { members } = api.admin.accounts

/** The members of an organization, with what an operator can change. */
export function AccountMembers({ account }: { account: Account }) {
  const { id: accountId } = account
  const list = useInfiniteQuery({
    ...trpc.admin.accounts.members.list.infiniteQueryOptions(
      { accountId, limit: PAGE_SIZE },
      { getNextPageParam: ({ nextCursor }) => nextCursor },
    ),
    select: ({ pages }) => pages.flatMap(({ items }) => items),
  })
  const columns: Column<Member>[] = [
    {
      title: t.accounts.member,
      cell: ({ user }) => (
        <span className="people-name">
          {user.email} <span className="quiet">{user.username}</span>
        </span>
      ),
    },
    { title: t.accounts.role, cell: ({ role }) => ROLES[role].label },
    { title: t.accounts.joined, cell: ({ joinedAt }) => <Moment at={joinedAt} withTime={false} /> },
    {
      title: t.people.acts.title,
      align: 'end',
      cell: (member) => account.isClosed || <MemberActs accountId={accountId} member={member} />,
    },
  ]
  return (
    <Section title={t.accounts.members}>
      {list.isError && list.data === undefined ? (
        <LoadFailure error={list.error} retry={() => void list.refetch()} />
      ) : (
        <DataTable
          caption={t.accounts.members}
          columns={columns}
          items={list.data}
          keyOf={({ user }) => user.id}
          pathOf={({ user }) => `/admin/people/${user.id}`}
        />
      )}
      {list.hasNextPage && (
        <BusyButton quiet busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t.kit.showMore}
        </BusyButton>
      )}
    </Section>
  )
}

const ROLE_OPTIONS = rolesToGive('owner').map((role) => ({ value: role, label: ROLES[role].label }))
const roleOf = (written: string): Role => rolesToGive('owner').find((role) => role === written) ?? 'member'

function MemberActs({ accountId, member: { user, role } }: { accountId: string; member: Member }) {
  const who = { accountId, userId: user.id }
  return (
    <span className="people-acts">
      <Act
        open={t.accounts.changeRole}
        openFully={t.accounts.changeRoleOf(user.email)}
        title={t.accounts.changeRoleTitle(user.email)}
        consequences={(read) => {
          const next = roleOf(read('role'))
          const isAboutOwner = next === 'owner' || role === 'owner'
          return [
            t.accounts.roleEffect(user.email, ROLES[next].may),
            ...(isAboutOwner ? [t.accounts.ownersMailed] : []),
          ]
        }}
        confirm={t.accounts.changeRoleConfirm}
        run={(read) => members.setRole.mutate({ ...who, role: roleOf(read('role')) })}
        done={t.accounts.roleChanged}
      >
        <Select name="role" label={t.accounts.role} options={ROLE_OPTIONS} defaultValue={role} />
      </Act>
      <Act
        open={t.accounts.remove}
        openFully={t.accounts.removeOf(user.email)}
        title={t.accounts.removeTitle(user.email)}
        tone="bad"
        consequences={() => [
          t.accounts.removeEffect,
          t.accounts.removeSeat,
          ...(role === 'owner' ? [t.accounts.ownersMailed] : []),
        ]}
        confirm={t.accounts.removeConfirm}
        run={() => members.remove.mutate(who)}
        done={t.accounts.removed}
      />
    </span>
  )
}
