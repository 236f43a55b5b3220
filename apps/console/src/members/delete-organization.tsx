import { useMutation } from '@tanstack/react-query'
import type { Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Confirm } from '../parts/confirm.tsx'
import { useGoneAccount } from './use-gone-account.ts'

/** Deletes the organization after a confirmation. */
export function DeleteOrganization({ organization }: { organization: Account }) {
  const remove = useMutation(trpc.accounts.delete.mutationOptions({ onSuccess: useGoneAccount() }))
  return (
    <section className="card" aria-labelledby="delete">
      <h2 id="delete">Delete</h2>
      <p>The organization ends for all its members.</p>
      <div className="actions">
        <Confirm
          open="Delete the organization…"
          question={`Delete ${organization.name}?`}
          consequences={[
            'All members lose access at once.',
            'Open invitations stop working.',
            'An active subscription is canceled at the end of the paid period.',
            "You can't undo this.",
          ]}
          yes="Yes, delete it"
          no="Keep it"
          busy={remove.isPending}
          error={remove.error}
          onClose={remove.reset}
          onYes={() => remove.mutate({ accountId: organization.id })}
        />
      </div>
    </section>
  )
}
