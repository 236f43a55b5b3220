import { useMutation, useQueryClient } from '@tanstack/react-query'
import { errorText, isTollgateError } from '@tollgate/client'
import { Link, useSearchParams } from 'react-router'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
import { linkProblem } from '../words/link-problem.ts'

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
  if (isTollgateError(confirm.error, 'EMAIL_TAKEN')) return <CannotBeConfirmed why={errorText(confirm.error)} />
  return (
    <Page title="Confirm your new address" narrow>
      <p className="lead">
        Click the button to replace <strong>{user?.email}</strong> with this address.
      </p>
      {confirm.error && <Notice tone="bad">{errorText(confirm.error)}</Notice>}
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
        From now on, log in with {address}. We send our emails there, too. Other devices are logged out.
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
          ? `Your address is still ${address}. If you asked for this email from another account, log in to that one.`
          : 'Your address has not changed.'}
      </p>
      <p className="actions">
        <Link className="button" to="/profile">
          Change my address
        </Link>
      </p>
    </Page>
  )
}
