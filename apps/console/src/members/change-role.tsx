import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Form } from '../parts/form.tsx'
import { t } from '../texts/catalogue.ts'
import { ROLES } from '../words/role.ts'
import { RoleField, roleIn } from './role-field.tsx'
import type { Member } from './use-pages.ts'

interface ChangeRoleProps {
  member: Member
  organization: Account
  onDone: (what: string) => void
}

/** A button that opens a form with the roles that the user may give. */
export function ChangeRole({ member, organization, onDone }: ChangeRoleProps) {
  const [isOpen, setIsOpen] = useState(false)
  const queryClient = useQueryClient()
  const setRole = useMutation(
    trpc.accounts.members.setRole.mutationOptions({
      onSettled: () => void queryClient.invalidateQueries(trpc.accounts.pathFilter()),
    }),
  )
  const { username } = member.user
  const change = (next: boolean) => {
    setIsOpen(next)
    if (!next) setRole.reset()
  }
  return (
    <>
      <button
        type="button"
        className="button button-quiet"
        aria-label={t.members.role.changeFully(username)}
        onClick={() => change(true)}
      >
        {t.members.role.change}
      </button>
      <Dialog title={t.members.role.title(username)} isOpen={isOpen} onOpenChange={change} isBusy={setRole.isPending}>
        <Form
          key={member.role}
          submit={t.members.role.submit}
          busy={setRole.isPending}
          error={setRole.error}
          onSubmit={(read) =>
            setRole.mutate(
              { accountId: organization.id, userId: member.user.id, role: roleIn(read('role')) },
              {
                onSuccess(_, { role }) {
                  change(false)
                  onDone(t.members.role.done(username, ROLES[role].asWhat))
                },
              },
            )
          }
        >
          <RoleField by={organization.role} selected={member.role} />
        </Form>
        <button
          type="button"
          className="button button-quiet"
          aria-disabled={setRole.isPending}
          onClick={() => !setRole.isPending && change(false)}
        >
          {t.members.role.back}
        </button>
      </Dialog>
    </>
  )
}
