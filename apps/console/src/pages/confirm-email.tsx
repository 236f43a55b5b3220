import { useMutation, useQueryClient } from '@tanstack/react-query'
import { errorText, isTollgateError } from '@tollgate/client'
import { Link, useSearchParams } from 'react-router'
import { trpc } from '../api.ts'
import { AuthPage } from '../parts/auth-page.tsx'
import { BusyButton } from '../parts/busy-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { Problem } from '../parts/problem.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
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
    <AuthPage title={t.auth.confirmEmail.title}>
      <p>{t.auth.confirmEmail.lead(user?.email ?? '')}</p>
      {confirm.error && (
        <Notice tone="bad">
          <Problem error={confirm.error} />
        </Notice>
      )}
      <p className="actions">
        <BusyButton busy={confirm.isPending} onClick={() => confirm.mutate({ token })}>
          {t.auth.confirmEmail.button}
        </BusyButton>
      </p>
    </AuthPage>
  )
}

function Confirmed({ address }: { address: string }) {
  return (
    <AuthPage title={t.auth.confirmEmail.done} takesOver>
      <Notice tone="good">{t.auth.confirmEmail.from(address)}</Notice>
      <p className="actions">
        <Link className="button" to="/profile">
          {t.auth.confirmEmail.seeProfile}
        </Link>
      </p>
    </AuthPage>
  )
}

function CannotBeConfirmed({ why, address }: { why: string | null; address?: string | undefined }) {
  return (
    <AuthPage title={t.auth.confirmEmail.title} takesOver>
      <Notice tone="bad">{why}</Notice>
      <p>{address ? t.auth.confirmEmail.still(address) : t.auth.confirmEmail.unchanged}</p>
      <p className="actions">
        <Link className="button" to="/profile">
          {t.auth.confirmEmail.change}
        </Link>
      </p>
    </AuthPage>
  )
}
