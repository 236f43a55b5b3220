import { useMutation } from '@tanstack/react-query'
import type { Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Confirm } from '../parts/confirm.tsx'
import { t } from '../texts/catalogue.ts'
import { useGoneAccount } from './use-gone-account.ts'

/** Deletes the organization after a confirmation. */
export function DeleteOrganization({ organization }: { organization: Account }) {
  const remove = useMutation(trpc.accounts.delete.mutationOptions({ onSuccess: useGoneAccount() }))
  return (
    <section className="card" aria-labelledby="delete">
      <h2 id="delete">{t.members.delete.title}</h2>
      <p>{t.members.delete.what}</p>
      <div className="actions">
        <Confirm
          open={t.members.delete.open}
          question={t.members.delete.question(organization.name)}
          consequences={[
            t.members.delete.access,
            t.members.delete.invitations,
            t.members.delete.subscription,
            t.members.delete.final,
          ]}
          yes={t.members.delete.yes}
          no={t.members.delete.no}
          busy={remove.isPending}
          error={remove.error}
          onClose={remove.reset}
          onYes={() => remove.mutate({ accountId: organization.id })}
        />
      </div>
    </section>
  )
}
