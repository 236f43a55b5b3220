import { useMutation } from '@tanstack/react-query'
import { reasonText } from '@tollgate/client'
import { Link, Navigate, useLocation, useSearchParams } from 'react-router'
import { OtherAccounts } from '../account/other-accounts.tsx'
import { trpc } from '../api.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { localPath } from '../session/local-path.ts'
import { useSuggestedEmail } from '../session/use-suggested-email.ts'
import { useUser } from '../session/use-user.ts'

/** Navigation state from the page that sets a new password. */
export const PASSWORD_IS_SET = 'password is set'

/** `?error=` says why the user was sent here, and `?redirectTo=` where to go after the login. */
export function LogIn() {
  const user = useUser()
  const isPasswordSet = useLocation().state === PASSWORD_IS_SET
  const email = useSuggestedEmail()
  const [query] = useSearchParams()
  const next = localPath(query.get('redirectTo'))
  const urlError = query.get('error')
  const logIn = useMutation(trpc.auth.login.mutationOptions())

  if (user) return <Navigate replace to={next ?? '/subscription'} />
  return (
    <Page title="Log in" narrow>
      {isPasswordSet && !logIn.error && <Notice tone="good">Your new password is set. Log in with it.</Notice>}
      {urlError && !logIn.error && <Notice tone="bad">{reasonText(urlError)}</Notice>}
      <Form
        submit="Log in"
        busy={logIn.isPending}
        error={logIn.error}
        onSubmit={(read) => logIn.mutate({ email: read('email'), password: read('password') })}
      >
        <Field name="email" label="Email address" type="email" autoComplete="username" defaultValue={email} required />
        <Field name="password" label="Password" type="password" autoComplete="current-password" required />
      </Form>
      <OtherAccounts next={next ?? '/subscription'} />
      <ul className="ways quiet">
        <li>
          <Link to="/forgot-password">Forgot your password?</Link>
        </li>
        <li>
          <Link to={withNext('/login/code', next)}>Log in with a code by email</Link>
        </li>
        <li>
          New here?{' '}
          <Link to={withNext('/signup', next)} state={{ email }}>
            Sign up
          </Link>
        </li>
      </ul>
    </Page>
  )
}

const withNext = (path: string, next: string | null) => (next ? `${path}?redirectTo=${encodeURIComponent(next)}` : path)
