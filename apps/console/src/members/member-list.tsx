import { useRef, useState } from 'react'
import type { Account } from '../accounts/use-account.ts'
import { Badge } from '../parts/badge.tsx'
import { BusyButton } from '../parts/busy-button.tsx'
import { CardSkeleton } from '../parts/card-skeleton.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { formatDay } from '../words/dates.ts'
import { ROLES, rolesToGive } from '../words/role.ts'
import { ChangeRole } from './change-role.tsx'
import { RemoveMember } from './remove-member.tsx'
import { useMembers, type Member } from './use-pages.ts'

/** The members of an organization, with what the user may do about them. */
export function MemberList({ organization }: { organization: Account }) {
  const list = useRef<HTMLUListElement>(null)
  const [done, setDone] = useState<string | null>(null)
  const members = useMembers(organization.id)
  if (members.isPending) return <CardSkeleton lines={5} />
  if (members.isError && !members.data)
    return <LoadFailure error={members.error} retry={() => void members.refetch()} />
  const onDone = (what: string) => {
    setDone(what)
    list.current?.focus() // the button that was clicked may be gone
  }
  return (
    <>
      {done && <Notice tone="good">{done}</Notice>}
      <ul className="members card" ref={list} tabIndex={-1} aria-label={t.members.members}>
        {members.data.map((member) => (
          <Row key={member.user.id} member={member} organization={organization} onDone={onDone} />
        ))}
      </ul>
      {members.isFetchNextPageError && <LoadFailure error={members.error} retry={() => void members.fetchNextPage()} />}
      {members.hasNextPage && !members.isFetchNextPageError && (
        <p className="actions">
          <BusyButton
            quiet
            busy={members.isFetchingNextPage}
            onClick={() =>
              void members.fetchNextPage().then(({ hasNextPage }) => !hasNextPage && list.current?.focus())
            }
          >
            {t.members.more}
          </BusyButton>
        </p>
      )}
    </>
  )
}

interface RowProps {
  member: Member
  organization: Account
  onDone: (what: string) => void
}

function Row({ member, organization, onDone }: RowProps) {
  const { user, role, joinedAt } = member
  const isSelf = useUser()?.id === user.id
  const mayChange = rolesToGive(organization.role).includes(role)
  return (
    <li>
      <div>
        <strong>{user.username}</strong> {isSelf && <span className="quiet">{t.members.you}</span>}
        <p className="quiet">
          {user.email}
          <br />
          {t.members.joined(formatDay(joinedAt))}
        </p>
      </div>
      <Badge tone={role === 'member' ? 'calm' : 'good'} label={ROLES[role].label} />
      {mayChange && (
        <div className="actions">
          <ChangeRole member={member} organization={organization} onDone={onDone} />
          {!isSelf && <RemoveMember member={member} organization={organization} onDone={onDone} />}
        </div>
      )}
    </li>
  )
}
