import { useMutation } from '@tanstack/react-query'
import { Link, Navigate, useSearchParams } from 'react-router'
import { NewPasswordField } from '../account/new-password-field.tsx'
import { OtherAccounts } from '../account/other-accounts.tsx'
import { trpc } from '../api.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Page } from '../parts/page.tsx'
import { localPath, logInPath } from '../session/local-path.ts'
import { useSuggestedEmail } from '../session/use-suggested-email.ts'
import { useUser } from '../session/use-user.ts'

export function SignUp() {
  const user = useUser()
  const email = useSuggestedEmail()
  const [query] = useSearchParams()
  const next = localPath(query.get('redirectTo'))
  const signUp = useMutation(trpc.auth.register.mutationOptions())

  if (user) return <Navigate replace to={next ?? '/plans'} />
  if (signUp.data) return <CheckYourInbox address={signUp.data.user.email} next={next} />
  return (
    <Page title="Sign up" narrow>
      <Form
        submit="Sign up"
        busy={signUp.isPending}
        error={signUp.error}
        fieldOf={{ EMAIL_TAKEN: 'email', USERNAME_TAKEN: 'username' }}
        onSubmit={(read) =>
          signUp.mutate({ email: read('email'), username: read('username'), password: read('password') })
        }
      >
        <Field name="email" label="Email address" type="email" autoComplete="email" defaultValue={email} required />
        <Field
          name="username"
          label="Username"
          hint="3 to 32 letters, digits or _ . -"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
        <NewPasswordField name="password" label="Password" />
      </Form>
      <OtherAccounts next={next ?? '/plans'} />
      <p className="quiet">
        Already have an account?{' '}
        <Link to={logInPath(next)} state={{ email }}>
          Log in
        </Link>
      </p>
    </Page>
  )
}

function CheckYourInbox({ address, next }: { address: string; next: string | null }) {
  if (next?.startsWith('/accept-invitation?')) {
    return (
      <Page title="Your account is ready" narrow takesOver>
        <p className="lead">Log in to accept the invitation. That also verifies your address.</p>
        <p className="actions">
          <Link className="button" to={logInPath(next)} state={{ email: address }}>
            Log in
          </Link>
        </p>
      </Page>
    )
  }
  return (
    <Page title="Check your inbox" narrow takesOver>
      <p className="lead">
        Your account is ready. We sent an email to <strong>{address}</strong>. Follow the link in it to verify your
        address.
      </p>
      <p className="actions">
        <Link className="button" to={logInPath(next ?? '/plans')}>
          Log in
        </Link>
      </p>
    </Page>
  )
}
