import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { errorText, isTollgateError, type RouterOutputs } from '@tollgate/client'
import { Link, useSearchParams } from 'react-router'
import { accountPath } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { logInPath, signUpPath } from '../session/local-path.ts'
import { useUser } from '../session/use-user.ts'
import { formatMoment } from '../words/dates.ts'
import { linkProblem } from '../words/link-problem.ts'
import { ROLES } from '../words/role.ts'

type Received = RouterOutputs['accounts']['invitations']['get']

/** The email with an invitation links here. Opening the link uses nothing up; only the button accepts. */
export function AcceptInvitation() {
  const token = useSearchParams()[0].get('token')
  const invitation = useQuery({
    ...trpc.accounts.invitations.get.queryOptions({ token: token ?? '' }),
    enabled: token !== null,
    refetchOnWindowFocus: false,
  })
  const accept = useAccept()

  if (accept.data) return <Joined account={accept.data} />
  const problem = linkProblem(token, accept.error ?? invitation.error)
  if (!token || problem) return <NotValid why={problem} />
  return (
    <Page title={invitation.data ? `Join ${invitation.data.accountName}` : 'Your invitation'} narrow takesOver>
      {invitation.isPending && <Loading />}
      {invitation.isError && <LoadFailure error={invitation.error} retry={() => void invitation.refetch()} />}
      {invitation.data && (
        <>
          <What invitation={invitation.data} />
          {accept.error && <Notice tone="bad">{whyNot(accept.error, invitation.data)}</Notice>}
          <NextStep
            invitation={invitation.data}
            here={`/accept-invitation?token=${encodeURIComponent(token)}`}
            isAccepting={accept.isPending}
            accept={() => accept.mutate({ token })}
          />
        </>
      )}
    </Page>
  )
}

function whyNot(error: unknown, { accountName, invitedBy }: Received): string {
  if (!isTollgateError(error, 'SEAT_LIMIT')) return errorText(error)
  return `All seats of ${accountName} are taken. Ask ${invitedBy} to make room, then try again.`
}

/** Accepting changes the list of accounts, and may verify the user's address. */
function useAccept() {
  const queryClient = useQueryClient()
  return useMutation(
    trpc.accounts.invitations.accept.mutationOptions({
      onSuccess: () =>
        Promise.all([
          queryClient.invalidateQueries(trpc.accounts.list.queryFilter()),
          queryClient.invalidateQueries(trpc.auth.me.queryFilter()),
        ]),
    }),
  )
}

function What({ invitation }: { invitation: Received }) {
  const { accountName, role, email, invitedBy, expiresAt } = invitation
  const { asWhat, may } = ROLES[role]
  return (
    <>
      <p className="lead">
        <strong>{invitedBy}</strong> invites you to join <strong>{accountName}</strong> as {asWhat}.
      </p>
      <p className="quiet">
        What you may do: {may} The invitation is for {email}, until {formatMoment(expiresAt)}.
      </p>
    </>
  )
}

interface NextStepProps {
  invitation: Received
  /** The path of this page. */
  here: string
  isAccepting: boolean
  accept: () => void
}

function NextStep({ invitation: { email, accountName }, here, isAccepting, accept }: NextStepProps) {
  const user = useUser()
  const logOut = useMutation(trpc.auth.logout.mutationOptions())
  if (!user) {
    return (
      <>
        <p>Log in with {email}, or sign up with it. Then you come back here.</p>
        <p className="actions">
          <Link className="button" to={logInPath(here)} state={{ email }}>
            Log in to accept
          </Link>
          <Link className="button button-quiet" to={signUpPath(here)} state={{ email }}>
            Sign up to accept
          </Link>
        </p>
      </>
    )
  }
  if (user.email.toLowerCase() !== email.toLowerCase()) {
    return (
      <>
        <Notice tone="warning">
          You are logged in as {user.email}, but this invitation is for {email}. Log out, then log in or sign up with
          that address.
        </Notice>
        {logOut.error && <Notice tone="bad">{errorText(logOut.error)}</Notice>}
        <p className="actions">
          <BusyButton busy={logOut.isPending} onClick={() => logOut.mutate()}>
            Log out and continue
          </BusyButton>
        </p>
      </>
    )
  }
  return (
    <p className="actions">
      <BusyButton busy={isAccepting} onClick={accept}>
        Join {accountName}
      </BusyButton>
    </p>
  )
}

function Joined({ account }: { account: RouterOutputs['accounts']['invitations']['accept'] }) {
  return (
    <Page title={`Welcome to ${account.name}`} narrow takesOver>
      <Notice tone="good">You are {ROLES[account.role].asWhat} now.</Notice>
      <p className="actions">
        <Link className="button" to={accountPath('/subscription', account.id)}>
          See the plan
        </Link>
        <Link className="button button-quiet" to={accountPath('/members', account.id)}>
          See the members
        </Link>
      </p>
    </Page>
  )
}

function NotValid({ why }: { why: string | null }) {
  const user = useUser()
  return (
    <Page title="Your invitation" narrow takesOver>
      <Notice tone="bad">{why}</Notice>
      <p className="lead">
        Each invitation works once, and for a few days. Ask the person who invited you to send a new one.
      </p>
      {user && <p>If you have already accepted it, choose the organization at the top.</p>}
    </Page>
  )
}
