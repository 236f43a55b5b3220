import { useMutation } from '@tanstack/react-query'
import type { Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Confirm } from '../parts/confirm.tsx'
import { t } from '../texts/catalogue.ts'
import { useGoneAccount } from './use-gone-account.ts'

/** Leaves the organization after a confirmation. */
export function LeaveOrganization({ organization }: { organization: Account }) {
  const leave = useMutation(trpc.accounts.leave.mutationOptions({ onSuccess: useGoneAccount() }))
  return (
    <section className="card" aria-labelledby="leave">
      <h2 id="leave">{t.members.leave.title}</h2>
      <p>{t.members.leave.what}</p>
      <div className="actions">
        <Confirm
          open={t.members.leave.open}
          question={t.members.leave.question(organization.name)}
          consequences={[t.members.leave.access, t.members.leave.invitations, t.members.leave.back]}
          yes={t.members.leave.yes}
          no={t.members.leave.no}
          busy={leave.isPending}
          error={leave.error}
          onClose={leave.reset}
          onYes={() => leave.mutate({ accountId: organization.id })}
        />
      </div>
    </section>
  )
}
