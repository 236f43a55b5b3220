import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Badge } from '../parts/badge.tsx'
import { BusyButton } from '../parts/busy-button.tsx'
import { CardSkeleton } from '../parts/card-skeleton.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Problem } from '../parts/problem.tsx'
import { t } from '../texts/catalogue.ts'
import { formatDay } from '../words/dates.ts'
import { ROLES, rolesToGive } from '../words/role.ts'
import { useInvitations, type Invitation } from './use-pages.ts'

/** The open invitations of an organization, for those who may manage its members. */
export function InvitationList({ organization }: { organization: Account }) {
  const list = useRef<HTMLUListElement>(null)
  const [done, setDone] = useState<string | null>(null)
  const invitations = useInvitations(organization.id)
  const onDone = (what: string) => {
    setDone(what)
    list.current?.focus() // the button that was clicked may be gone
  }
  const { resend, revoke } = useInvitationChanges(onDone)

  if (invitations.isPending) return <CardSkeleton lines={3} />
  if (invitations.isError && !invitations.data)
    return <LoadFailure error={invitations.error} retry={() => void invitations.refetch()} />
  const problem = resend.error
  const words = t.members.invitations
  const inOrganization = ({ id }: Invitation) => ({ accountId: organization.id, invitationId: id })
  return (
    <>
      {problem && (
        <Notice tone="bad">
          <Problem error={problem} />
        </Notice>
      )}
      {done && !problem && <Notice tone="good">{done}</Notice>}
      {invitations.data.length === 0 && <p className="quiet">{t.members.invitations.none}</p>}
      {invitations.data.length > 0 && (
        <ul className="members card" ref={list} tabIndex={-1} aria-label={t.members.invitations.list}>
          {invitations.data.map((invitation) => (
            <li key={invitation.id}>
              <div>
                <strong>{invitation.email}</strong>
                <p className="quiet">{describe(invitation)}</p>
              </div>
              <Badge
                tone={invitation.isExpired ? 'warning' : 'calm'}
                label={invitation.isExpired ? t.members.invitations.expired : ROLES[invitation.role].label}
              />
              {rolesToGive(organization.role).includes(invitation.role) && (
                <div className="actions">
                  <BusyButton
                    quiet
                    busy={resend.isPending && resend.variables.invitationId === invitation.id}
                    aria-label={t.members.invitations.againFully(invitation.email)}
                    onClick={() => resend.mutate(inOrganization(invitation))}
                  >
                    {t.members.invitations.again}
                  </BusyButton>
                  <Confirm
                    open={words.revoke}
                    openFully={words.revokeFully(invitation.email)}
                    question={words.revokeQuestion(invitation.email)}
                    consequences={[words.revokeMeans, words.revokeAgain]}
                    yes={words.revokeYes}
                    no={words.revokeNo}
                    busy={revoke.isPending}
                    error={revoke.error}
                    onClose={revoke.reset}
                    onYes={(close) =>
                      revoke.mutate(inOrganization(invitation), {
                        onSuccess() {
                          close()
                          onDone(words.revoked)
                        },
                      })
                    }
                  />
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {invitations.hasNextPage && (
        <p className="actions">
          <BusyButton
            quiet
            busy={invitations.isFetchingNextPage}
            onClick={() =>
              void invitations.fetchNextPage().then(({ hasNextPage }) => !hasNextPage && list.current?.focus())
            }
          >
            {t.members.invitations.more}
          </BusyButton>
        </p>
      )}
    </>
  )
}

function describe({ role, invitedBy, sentAt, expiresAt, isExpired }: Invitation): string {
  const by = invitedBy === null ? '' : t.members.invitations.by(invitedBy)
  const words = isExpired ? t.members.invitations.over : t.members.invitations.open
  return words(by, ROLES[role].asWhat, formatDay(sentAt), formatDay(expiresAt))
}

function useInvitationChanges(onResent: (what: string) => void) {
  const queryClient = useQueryClient()
  const onSettled = () => queryClient.invalidateQueries(trpc.accounts.invitations.list.pathFilter())
  const revoke = useMutation(trpc.accounts.invitations.revoke.mutationOptions({ onSettled }))
  const resend = useMutation(
    trpc.accounts.invitations.resend.mutationOptions({
      onSuccess: ({ email }) => onResent(t.members.invitations.resent(email)),
      onSettled,
    }),
  )
  return { resend, revoke }
}
