import { useMutation } from '@tanstack/react-query'
import { Link } from 'react-router'
import { trpc } from '../api.ts'
import { AuthPage } from '../parts/auth-page.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Support } from '../parts/support.tsx'
import { useSuggestedEmail } from '../session/use-suggested-email.ts'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'

/** Requests a link to set a new password. The answer doesn't reveal whether an account exists. */
export function ForgotPassword() {
  const user = useUser()
  const suggested = useSuggestedEmail()
  const forgot = useMutation(trpc.auth.forgotPassword.mutationOptions())

  if (forgot.isSuccess) return <LinkSent address={forgot.variables.email} startAgain={forgot.reset} />
  return (
    <AuthPage
      title={t.auth.reset.title}
      below={
        !user && (
          <p className="quiet">
            {t.auth.reset.remember} <Link to="/login">{t.auth.reset.logIn}</Link>
          </p>
        )
      }
    >
      <p className="quiet">{t.auth.reset.lead}</p>
      <Form
        submit={t.auth.reset.submit}
        busy={forgot.isPending}
        error={forgot.error}
        onSubmit={(read) => forgot.mutate({ email: read('email') })}
      >
        <Field
          name="email"
          label={t.auth.email}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={user?.email ?? suggested}
          required
        />
      </Form>
    </AuthPage>
  )
}

function LinkSent({ address, startAgain }: { address: string; startAgain: () => void }) {
  return (
    <AuthPage title={t.auth.reset.checkInbox} takesOver>
      <p>{t.auth.reset.sentTo(address)}</p>
      <p className="quiet">{t.auth.reset.noEmail}</p>
      <p className="actions">
        <button type="button" className="button button-quiet" onClick={startAgain}>
          {t.auth.reset.otherAddress}
        </button>
      </p>
      <Support />
    </AuthPage>
  )
}
