import { useMutation } from '@tanstack/react-query'
import { Link, Navigate, useSearchParams } from 'react-router'
import { NewPasswordField } from '../account/new-password-field.tsx'
import { OtherAccounts } from '../account/other-accounts.tsx'
import { api } from '../api.ts'
import { ChosenPlan } from '../billing/plans/chosen-plan.tsx'
import { AuthPage } from '../parts/auth-page.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { localPath, logInPath } from '../session/local-path.ts'
import { useSuggestedEmail } from '../session/use-suggested-email.ts'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'

interface NewAccount {
  email: string
  username: string
  password: string
}

/** Opens an account, and logs in with it. The mail that verifies the address leads on to the same page as this one. */
export function SignUp() {
  const user = useUser()
  const email = useSuggestedEmail()
  const [query] = useSearchParams()
  const next = localPath(query.get('redirectTo'))
  const signUp = useMutation({
    async mutationFn(account: NewAccount) {
      await api.auth.register.mutate({ ...account, ...(next && { redirectTo: next }) })
      return account.email
    },
    async onSuccess(_, { email: address, password }) {
      // Too many logins, or a lost connection: the account exists, and the page says how to go on.
      await api.auth.login.mutate({ email: address, password }).catch(() => null)
    },
  })

  if (user) return <Navigate replace to={next ?? '/'} />
  if (signUp.isSuccess) return <LogInYourself address={signUp.data} next={next} />
  return (
    <AuthPage
      title={t.auth.signUp.title}
      below={
        <p className="quiet">
          {t.auth.signUp.haveAccount}{' '}
          <Link to={logInPath(next)} state={{ email }}>
            {t.auth.signUp.logIn}
          </Link>
        </p>
      }
    >
      <ChosenPlan next={next} otherwise={<p className="quiet">{t.auth.signUp.lead}</p>} />
      <Form
        submit={t.auth.signUp.submit}
        busy={signUp.isPending}
        error={signUp.error}
        fieldOf={{ EMAIL_TAKEN: 'email', USERNAME_TAKEN: 'username' }}
        onSubmit={(read) =>
          signUp.mutate({ email: read('email'), username: read('username'), password: read('password') })
        }
      >
        {/* Password managers store what `username` marks: here, people log in with their address. */}
        <Field
          name="email"
          label={t.auth.email}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={email}
          required
        />
        <Field
          name="username"
          label={t.auth.username}
          hint={t.auth.usernameHint}
          minLength={3}
          pattern="[A-Za-z0-9_.\-]*"
          data-mismatch={t.auth.usernameProblem}
          autoComplete="nickname"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <NewPasswordField name="password" label={t.auth.password} />
      </Form>
      <OtherAccounts next={next ?? '/'} />
    </AuthPage>
  )
}

function LogInYourself({ address, next }: { address: string; next: string | null }) {
  return (
    <AuthPage title={t.auth.signUp.made} takesOver>
      <p className="lead">{t.auth.signUp.madeLogIn}</p>
      <p className="actions">
        <Link className="button" to={logInPath(next)} state={{ email: address }}>
          {t.auth.signUp.logIn}
        </Link>
      </p>
    </AuthPage>
  )
}
