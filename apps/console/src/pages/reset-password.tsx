import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { NewPasswordField } from '../account/new-password-field.tsx'
import { api, trpc } from '../api.ts'
import { AuthPage } from '../parts/auth-page.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { Support } from '../parts/support.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { linkProblem } from '../words/link-problem.ts'
import { PASSWORD_IS_SET } from './log-in.tsx'

/** The email about a forgotten password links here. Opening the link doesn't use it up; submitting the form does. */
export function ResetPassword() {
  const token = useSearchParams()[0].get('token')
  const user = useUser()
  const navigate = useNavigate()
  const reset = useMutation(
    trpc.auth.resetPassword.mutationOptions({
      async onSuccess() {
        // Setting the password has ended all sessions of the account, so forget this one, too.
        if (user) await api.auth.logout.mutate()
        await navigate('/login', { replace: true, state: PASSWORD_IS_SET })
      },
    }),
  )

  const problem = linkProblem(token, reset.error)
  if (!token || problem) {
    return (
      <AuthPage title={t.auth.reset.title} takesOver={reset.isError}>
        <Notice tone="bad">{problem}</Notice>
        <p>{t.auth.eachLinkWorksOnce}</p>
        <p className="actions">
          <Link className="button" to="/forgot-password">
            {t.auth.reset.newLink}
          </Link>
        </p>
        <Support />
      </AuthPage>
    )
  }
  return (
    <AuthPage title={t.auth.reset.title}>
      <p className="quiet">{t.auth.reset.consequence}</p>
      <Form
        submit={t.auth.reset.set}
        busy={reset.isPending}
        error={reset.error}
        onSubmit={(read) => reset.mutate({ token, password: read('password') })}
      >
        <NewPasswordField name="password" />
      </Form>
    </AuthPage>
  )
}
