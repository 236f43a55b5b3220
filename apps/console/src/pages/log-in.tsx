import { useMutation } from '@tanstack/react-query'
import { isTollgateError, reasonText } from '@tollgate/client'
import { useState } from 'react'
import { Link, Navigate, useLocation, useSearchParams } from 'react-router'
import { OtherAccounts } from '../account/other-accounts.tsx'
import { trpc } from '../api.ts'
import { ChosenPlan } from '../billing/plans/chosen-plan.tsx'
import { AuthPage } from '../parts/auth-page.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { Support } from '../parts/support.tsx'
import { localPath } from '../session/local-path.ts'
import { logInReason } from '../session/log-in-reason.ts'
import { useSuggestedEmail } from '../session/use-suggested-email.ts'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'

/** Navigation state from the page that sets a new password. */
export const PASSWORD_IS_SET = 'password is set'

/** `?error=` says why the user was sent here, and `?redirectTo=` where to go after the login. */
export function LogIn() {
  const user = useUser()
  const isPasswordSet = useLocation().state === PASSWORD_IS_SET
  const suggested = useSuggestedEmail()
  const [typed, setTyped] = useState(suggested)
  const [query] = useSearchParams()
  const next = localPath(query.get('redirectTo'))
  const urlError = query.get('error')
  const logIn = useMutation(trpc.auth.login.mutationOptions())

  if (user) return <Navigate replace to={next ?? '/'} />
  const known = { email: typed }
  const why = urlError || isPasswordSet ? null : logInReason(next)
  const isDisabled = isTollgateError(logIn.error, 'ACCOUNT_DISABLED') || urlError === 'ACCOUNT_DISABLED'
  return (
    <AuthPage
      title={t.auth.logIn.title}
      below={
        <p className="quiet">
          {t.auth.logIn.newHere}{' '}
          <Link to={withNext('/signup', next)} state={known}>
            {t.auth.logIn.signUp}
          </Link>
        </p>
      }
    >
      {isPasswordSet && !logIn.error && <Notice tone="good">{t.auth.logIn.passwordIsSet}</Notice>}
      {urlError && !logIn.error && (
        <Notice tone={urlError === 'LOGGED_IN_ELSEWHERE' ? 'warning' : 'bad'}>{reasonText(urlError)}</Notice>
      )}
      <ChosenPlan next={next} otherwise={why && !logIn.error ? <p className="auth-why">{why}</p> : null} />
      <Form
        submit={t.auth.logIn.submit}
        busy={logIn.isPending}
        error={logIn.error}
        onSubmit={(read) => logIn.mutate({ email: read('email'), password: read('password') })}
      >
        <Field
          name="email"
          label={t.auth.email}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={suggested}
          onChange={({ target }) => setTyped(target.value)}
          required
        />
        <PasswordField name="password" label={t.auth.password} autoComplete="current-password" />
      </Form>
      {isDisabled && <Support />}
      <ul className="ways">
        <li>
          <Link to="/forgot-password" state={known}>
            {t.auth.logIn.forgot}
          </Link>
        </li>
        <li>
          <Link to={withNext('/login/code', next)} state={known}>
            {t.auth.logIn.byCode}
          </Link>
        </li>
      </ul>
      <OtherAccounts next={next ?? '/'} />
    </AuthPage>
  )
}

const withNext = (path: string, next: string | null) => (next ? `${path}?redirectTo=${encodeURIComponent(next)}` : path)
