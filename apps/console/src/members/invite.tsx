import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { t } from '../texts/catalogue.ts'
import { describeSeatPrice } from '../words/seats.ts'
import { RoleField, roleIn } from './role-field.tsx'

/** Invites a person by email, and then says what it costs when they join. */
export function Invite({ organization }: { organization: Account }) {
  const queryClient = useQueryClient()
  const [sent, setSent] = useState(0)
  const invite = useMutation(
    trpc.accounts.invitations.create.mutationOptions({
      onSuccess: () => setSent((count) => count + 1),
      onSettled: () => queryClient.invalidateQueries(trpc.accounts.invitations.list.pathFilter()),
    }),
  )
  return (
    <section className="card" aria-labelledby="invite">
      <h2 id="invite">{t.members.invite.title}</h2>
      {invite.data && (
        <Notice tone="good">
          <p>
            {t.members.invite.done(invite.data.invitation.email)} {describeSeatPrice(invite.data.price)}
          </p>
        </Notice>
      )}
      <Form
        key={sent} // empties the fields
        isNext={sent > 0}
        submit={t.members.invite.submit}
        busy={invite.isPending}
        error={invite.error}
        fieldOf={{ ALREADY_MEMBER: 'email' }}
        onSubmit={(read) =>
          invite.mutate({ accountId: organization.id, email: read('email'), role: roleIn(read('role')) })
        }
      >
        <Field name="email" label={t.members.invite.email} type="email" autoComplete="off" required />
        <RoleField by={organization.role} />
      </Form>
    </section>
  )
}
