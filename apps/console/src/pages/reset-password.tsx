import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { NewPasswordField } from '../account/new-password-field.tsx'
import { api, trpc } from '../api.ts'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
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
      <Page title="Set a new password" narrow takesOver={reset.isError}>
        <Notice tone="bad">{problem}</Notice>
        <p className="lead">Each link works only once, and only the latest one is valid.</p>
        <p className="actions">
          <Link className="button" to="/forgot-password">
            Request a new link
          </Link>
        </p>
      </Page>
    )
  }
  return (
    <Page title="Set a new password" narrow>
      <p className="lead">You will be logged out on all devices. Then log in with the new password.</p>
      <Form
        submit="Set my password"
        busy={reset.isPending}
        error={reset.error}
        onSubmit={(read) => reset.mutate({ token, password: read('password') })}
      >
        <NewPasswordField name="password" />
      </Form>
    </Page>
  )
}
