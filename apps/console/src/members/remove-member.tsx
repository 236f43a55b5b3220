import { useMutation, useQueryClient } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import type { Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Confirm } from '../parts/confirm.tsx'
import { t } from '../texts/catalogue.ts'
import type { Member } from './use-pages.ts'

interface RemoveMemberProps {
  member: Member
  organization: Account
  onDone: (what: string) => void
}

/** Removes a member after a confirmation. */
export function RemoveMember({ member, organization, onDone }: RemoveMemberProps) {
  const queryClient = useQueryClient()
  const remove = useMutation(
    trpc.accounts.members.remove.mutationOptions({
      // Not awaited: the row may be gone by then, and its callbacks with it.
      onSettled: () => void queryClient.invalidateQueries(trpc.accounts.pathFilter()),
    }),
  )
  const { id: userId, username } = member.user
  return (
    <Confirm
      open={t.members.remove.open}
      openFully={t.members.remove.openFully(username)}
      question={t.members.remove.question(username)}
      consequences={[
        t.members.remove.access(username, organization.name),
        t.members.remove.invitations,
        t.members.remove.again,
      ]}
      yes={t.members.remove.yes}
      no={t.members.remove.no}
      busy={remove.isPending}
      error={remove.error}
      onClose={remove.reset}
      onYes={(close) => {
        const finish = () => {
          close()
          onDone(t.members.remove.done(username))
        }
        remove.mutate(
          { accountId: organization.id, userId },
          {
            onSuccess: finish,
            // They have left, or another admin has removed them: the user has what they asked for.
            onError: (error) => isTollgateError(error, 'MEMBER_NOT_FOUND') && finish(),
          },
        )
      }}
    />
  )
}
