import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { errorText, isTollgateError, type RouterOutputs } from '@tollgate/client'
import { Link, useSearchParams } from 'react-router'
import { accountPath } from '../accounts/use-account.ts'
import { trpc } from '../api.ts'
import { AuthPage } from '../parts/auth-page.tsx'
import { BusyButton } from '../parts/busy-button.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Loading } from '../parts/loading.tsx'
import { Notice } from '../parts/notice.tsx'
import { Problem } from '../parts/problem.tsx'
import { logInPath, signUpPath } from '../session/local-path.ts'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
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
    <AuthPage
      title={invitation.data ? t.auth.invitation.join(invitation.data.accountName) : t.auth.invitation.title}
      takesOver
    >
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
    </AuthPage>
  )
}

function whyNot(error: unknown, { accountName, invitedBy }: Received): string {
  if (!isTollgateError(error, 'SEAT_LIMIT')) return errorText(error)
  return t.auth.invitation.noSeat(accountName, invitedBy)
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
      <p className="lead">{t.auth.invitation.what(invitedBy, accountName, asWhat)}</p>
      <p className="quiet">{t.auth.invitation.may(may, email, formatMoment(expiresAt))}</p>
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
        <p>{t.auth.invitation.logInFirst(email)}</p>
        <p className="actions">
          <Link className="button" to={logInPath(here)} state={{ email }}>
            {t.auth.invitation.logIn}
          </Link>
          <Link className="button button-quiet" to={signUpPath(here)} state={{ email }}>
            {t.auth.invitation.signUp}
          </Link>
        </p>
      </>
    )
  }
  if (user.email.toLowerCase() !== email.toLowerCase()) {
    return (
      <>
        <Notice tone="warning">{t.auth.invitation.otherAddress(user.email, email)}</Notice>
        {logOut.error && (
          <Notice tone="bad">
            <Problem error={logOut.error} />
          </Notice>
        )}
        <p className="actions">
          <BusyButton busy={logOut.isPending} onClick={() => logOut.mutate()}>
            {t.auth.invitation.logOut}
          </BusyButton>
        </p>
      </>
    )
  }
  return (
    <p className="actions">
      <BusyButton busy={isAccepting} onClick={accept}>
        {t.auth.invitation.join(accountName)}
      </BusyButton>
    </p>
  )
}

function Joined({ account }: { account: RouterOutputs['accounts']['invitations']['accept'] }) {
  return (
    <AuthPage title={t.auth.invitation.welcome(account.name)} takesOver>
      <Notice tone="good">{t.auth.invitation.youAre(ROLES[account.role].asWhat)}</Notice>
      <p className="actions">
        <Link className="button" to={accountPath('/subscription', account.id)}>
          {t.auth.invitation.seePlan}
        </Link>
        <Link className="button button-quiet" to={accountPath('/members', account.id)}>
          {t.auth.invitation.seeMembers}
        </Link>
      </p>
    </AuthPage>
  )
}

function NotValid({ why }: { why: string | null }) {
  const user = useUser()
  return (
    <AuthPage title={t.auth.invitation.title} takesOver>
      <Notice tone="bad">{why}</Notice>
      <p>{t.auth.invitation.once}</p>
      {user && <p>{t.auth.invitation.accepted}</p>}
      <p className="actions">
        <Link className="button button-quiet" to="/">
          {t.pages.notFound.home}
        </Link>
      </p>
    </AuthPage>
  )
}
