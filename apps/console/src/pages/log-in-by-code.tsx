import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, Navigate, useSearchParams } from 'react-router'
import { EnterCode } from '../account/enter-code.tsx'
import { trpc } from '../api.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Page } from '../parts/page.tsx'
import { localPath, logInPath } from '../session/local-path.ts'
import { useUser } from '../session/use-user.ts'

/** Login with a six-digit code from an email, for users who have no password or forgot it. */
export function LogInByCode() {
  const user = useUser()
  const next = localPath(useSearchParams()[0].get('redirectTo'))
  const [address, setAddress] = useState<string | null>(null)
  const request = useMutation(
    trpc.auth.requestLoginCode.mutationOptions({ onSuccess: (_, { email }) => setAddress(email) }),
  )

  if (user) return <Navigate replace to={next ?? '/subscription'} />
  if (address) return <EnterCode address={address} startAgain={() => setAddress(null)} />
  return (
    <Page title="Log in with a code" narrow>
      <p className="lead">We'll email you a six-digit code. It works once and expires soon.</p>
      <Form
        submit="Send me a code"
        busy={request.isPending}
        error={request.error}
        onSubmit={(read) => request.mutate({ email: read('email') })}
      >
        <Field name="email" label="Email address" type="email" autoComplete="username" required />
      </Form>
      <p className="quiet">
        Have a password? <Link to={logInPath(next)}>Log in with your password</Link>
      </p>
    </Page>
  )
}
