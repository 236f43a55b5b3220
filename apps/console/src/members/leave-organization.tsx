import { useMutation } from '@tanstack/react-query'
import type { Account } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { Confirm } from '../parts/confirm.tsx'
import { useGoneAccount } from './use-gone-account.ts'

/** Leaves the organization after a confirmation. */
export function LeaveOrganization({ organization }: { organization: Account }) {
  const leave = useMutation(trpc.accounts.leave.mutationOptions({ onSuccess: useGoneAccount() }))
  return (
    <section className="card" aria-labelledby="leave">
      <h2 id="leave">Leave</h2>
      <p>You stop being a member. Your own login and your personal account stay as they are.</p>
      <div className="actions">
        <Confirm
          open="Leave the organization…"
          question={`Leave ${organization.name}?`}
          consequences={[
            'You lose access at once.',
            'Invitations that you sent stop working.',
            'To come back, you need a new invitation.',
          ]}
          yes="Yes, leave"
          no="Stay"
          busy={leave.isPending}
          error={leave.error}
          onClose={leave.reset}
          onYes={() => leave.mutate({ accountId: organization.id })}
        />
      </div>
    </section>
  )
}
