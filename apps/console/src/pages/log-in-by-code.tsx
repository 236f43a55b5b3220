import { useMutation } from '@tanstack/react-query'
import { Link, Navigate, useLocation, useNavigate, useSearchParams } from 'react-router'
import { EnterCode } from '../account/enter-code.tsx'
import { trpc } from '../api.ts'
import { AuthPage } from '../parts/auth-page.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { localPath, logInPath } from '../session/local-path.ts'
import { useSuggestedEmail } from '../session/use-suggested-email.ts'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'

/** Login with a six-digit code from an email. The history entry knows who got the code, so that a reload keeps the step. */
export function LogInByCode() {
  const user = useUser()
  const { pathname, search, ...location } = useLocation()
  const navigate = useNavigate()
  const suggested = useSuggestedEmail()
  const next = localPath(useSearchParams()[0].get('redirectTo'))
  const here = `${pathname}${search}`
  const address = sentTo(location.state)
  const request = useMutation(
    trpc.auth.requestLoginCode.mutationOptions({
      onSuccess: (_, { email }) => navigate(here, { state: { email, isSent: true } }),
    }),
  )

  if (user) return <Navigate replace to={next ?? '/'} />
  if (address)
    return <EnterCode address={address} startAgain={() => void navigate(here, { state: { email: address } })} />
  return (
    <AuthPage
      title={t.auth.code.title}
      below={
        <p className="quiet">
          {t.auth.code.havePassword} <Link to={logInPath(next)}>{t.auth.code.usePassword}</Link>
        </p>
      }
    >
      <p className="quiet">{t.auth.code.lead}</p>
      <Form
        submit={t.auth.code.submit}
        busy={request.isPending}
        error={request.error}
        onSubmit={(read) => request.mutate({ email: read('email') })}
      >
        <Field
          name="email"
          label={t.auth.email}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          defaultValue={suggested}
          required
        />
      </Form>
    </AuthPage>
  )
}

function sentTo(state: unknown): string | null {
  const isSent = typeof state === 'object' && state !== null && 'isSent' in state && 'email' in state
  return isSent && typeof state.email === 'string' ? state.email : null
}
