import { useMutation, useQueryClient } from '@tanstack/react-query'
import { errorText, isTollgateError } from '@tollgate/client'
import { Link, useSearchParams } from 'react-router'
import { SendAgain } from '../account/verification-notice.tsx'
import { trpc } from '../api.ts'
import { ChosenPlan } from '../billing/plans/chosen-plan.tsx'
import { AuthPage } from '../parts/auth-page.tsx'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { Problem } from '../parts/problem.tsx'
import { localPath, logInPath } from '../session/local-path.ts'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'

/** The verification email links here. Mail scanners open links, too, so only a click on the button uses the link up. */
export function VerifyEmail() {
  const [query] = useSearchParams()
  const token = query.get('token')
  const next = localPath(query.get('redirectTo'))
  const queryClient = useQueryClient()
  const verify = useMutation(
    trpc.auth.verifyEmail.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.auth.me.queryFilter()),
    }),
  )

  if (verify.data) return <Verified already={verify.data.alreadyVerified} next={next} />
  if (!token || isTollgateError(verify.error, 'TOKEN_INVALID') || isTollgateError(verify.error, 'TOKEN_EXPIRED')) {
    return <NeedsNewEmail why={verify.error ? errorText(verify.error) : t.auth.incompleteLink} />
  }
  return (
    <AuthPage title={t.auth.verify.title}>
      <p>{t.auth.verify.lead}</p>
      {verify.error && (
        <Notice tone="bad">
          <Problem error={verify.error} />
        </Notice>
      )}
      <p className="actions">
        <BusyButton busy={verify.isPending} onClick={() => verify.mutate({ token })}>
          {t.auth.verify.button}
        </BusyButton>
      </p>
    </AuthPage>
  )
}

function Verified({ already, next }: { already: boolean; next: string | null }) {
  const user = useUser()
  const onward = next ?? '/plans'
  const label = next ? t.auth.verify.goOn : t.auth.verify.seePlans
  const logIn = next ? t.auth.verify.logInToGoOn : t.auth.verify.logIn
  const thanks = next ? t.auth.verify.thanksAndOn : t.auth.verify.thanks
  return (
    <AuthPage title={t.auth.verify.done} takesOver>
      <Notice tone="good">{already ? t.auth.verify.alreadyDone : thanks}</Notice>
      <ChosenPlan next={next} />
      <p className="actions">
        <Link className="button" to={user ? onward : logInPath(onward)}>
          {user ? label : logIn}
        </Link>
      </p>
    </AuthPage>
  )
}

function NeedsNewEmail({ why }: { why: string }) {
  const user = useUser()
  return (
    <AuthPage title={t.auth.verify.title}>
      <Notice tone="bad">{why}</Notice>
      {user?.isVerified && <p>{t.auth.verify.isVerified(user.email)}</p>}
      {user && !user.isVerified && (
        <>
          <p>{t.auth.verify.canSend(user.email)}</p>
          <SendAgain />
        </>
      )}
      {!user && (
        <p>
          <Link to={logInPath('/verify-email')}>{t.auth.verify.logIn}</Link> {t.auth.verify.toGetLink}
        </p>
      )}
    </AuthPage>
  )
}
