import { useMutation, useQueryClient } from '@tanstack/react-query'
import { isTollgateError } from '@tollgate/client'
import { Link, useSearchParams } from 'react-router'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
import { linkProblem } from '../words/link-problem.ts'
import { explain } from '../words/reasons.ts'

/** The email to a new address links here. Only the account that asked for the change can confirm it. */
export function ConfirmEmail() {
  const token = useSearchParams()[0].get('token')
  const user = useUser()
  const queryClient = useQueryClient()
  const confirm = useMutation(
    trpc.auth.confirmEmailChange.mutationOptions({
      onSuccess: ({ user: changed }) => queryClient.setQueryData(trpc.auth.me.queryKey(), changed),
    }),
  )

  if (confirm.data) return <Confirmed address={confirm.data.user.email} />
  const problem = linkProblem(token, confirm.error)
  if (!token || problem) return <CannotBeConfirmed why={problem} address={user?.email} />
  if (isTollgateError(confirm.error, 'EMAIL_TAKEN')) return <CannotBeConfirmed why={explain(confirm.error)} />
  return (
    <Page title="Confirm your new address" narrow>
      <p className="lead">
        One press, and this address takes the place of <strong>{user?.email}</strong>.
      </p>
      {confirm.error && <Notice tone="bad">{explain(confirm.error)}</Notice>}
      <p className="actions">
        <BusyButton busy={confirm.isPending} onClick={() => confirm.mutate({ token })}>
          Confirm my new address
        </BusyButton>
      </p>
    </Page>
  )
}

function Confirmed({ address }: { address: string }) {
  return (
    <Page title="Your new address is confirmed" narrow takesOver>
      <Notice tone="good">
        From now on you log in with {address}, and our mails go there. Other devices are logged out.
      </Notice>
      <p className="actions">
        <Link className="button" to="/profile">
          See my profile
        </Link>
      </p>
    </Page>
  )
}

function CannotBeConfirmed({ why, address }: { why: string | null; address?: string | undefined }) {
  return (
    <Page title="Confirm your new address" narrow takesOver>
      <Notice tone="bad">{why}</Notice>
      <p className="lead">
        {address
          ? `Your address stays ${address}. If it was another account that asked for this mail, log in to that one.`
          : 'Your address stays as it is.'}
      </p>
      <p className="actions">
        <Link className="button" to="/profile">
          Change my address again
        </Link>
      </p>
    </Page>
  )
}
