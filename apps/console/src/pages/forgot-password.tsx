import { useMutation } from '@tanstack/react-query'
import { Link } from 'react-router'
import { trpc } from '../api.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'

/** Requests a link to set a new password. The answer doesn't reveal whether an account exists. */
export function ForgotPassword() {
  const user = useUser()
  const forgot = useMutation(trpc.auth.forgotPassword.mutationOptions())

  if (forgot.isSuccess) return <LinkSent address={forgot.variables.email} startAgain={forgot.reset} />
  return (
    <Page title="Set a new password" narrow>
      <p className="lead">Enter your email address, and we'll send you a link to set a new password.</p>
      <Form
        submit="Send me a link"
        busy={forgot.isPending}
        error={forgot.error}
        onSubmit={(read) => forgot.mutate({ email: read('email') })}
      >
        <Field
          name="email"
          label="Email address"
          type="email"
          autoComplete="username"
          defaultValue={user?.email}
          required
        />
      </Form>
      {!user && (
        <p className="quiet">
          Remember your password? <Link to="/login">Log in</Link>
        </p>
      )}
    </Page>
  )
}

function LinkSent({ address, startAgain }: { address: string; startAgain: () => void }) {
  return (
    <Page title="Check your inbox" narrow takesOver>
      <p className="lead">
        If there is an account with the address <strong>{address}</strong>, we sent it an email with a link.
      </p>
      <p className="quiet">No email after a few minutes? Check your spam folder, or check the address.</p>
      <p className="actions">
        <button type="button" className="button button-quiet" onClick={startAgain}>
          Use a different address
        </button>
      </p>
    </Page>
  )
}
