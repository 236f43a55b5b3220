import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { trpc } from '../api.ts'
import { Badge } from '../parts/badge.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { useUser } from '../session/use-user.ts'
import { PasswordByMail } from './password-by-mail.tsx'
import { SendAgain } from './verification-notice.tsx'

/** The user's email address, its verification status, and a form to change it. */
export function EmailAddress() {
  const user = useUser()
  const [isChanging, setChanging] = useState(false)
  return (
    <section className="card" aria-labelledby="email-address">
      <div className="section-head">
        <h2 id="email-address">Email address</h2>
        {user?.isVerified === true && <Badge tone="good" label="Verified" />}
        {user?.isVerified === false && <Badge tone="warning" label="Not verified" />}
      </div>
      <p>{user?.email}</p>
      {user?.isVerified === false && <SendAgain />}
      {isChanging ? (
        <ChangeAddress />
      ) : (
        <p className="actions">
          <button type="button" className="button button-quiet" onClick={() => setChanging(true)}>
            Change address
          </button>
        </p>
      )}
    </section>
  )
}

function ChangeAddress() {
  const change = useMutation(trpc.auth.requestEmailChange.mutationOptions())
  return (
    <>
      <Form
        submit="Send a confirmation link"
        isNext
        busy={change.isPending}
        error={change.error}
        fieldOf={{ EMAIL_TAKEN: 'email', WRONG_PASSWORD: 'password' }}
        onSubmit={(read) => change.mutate({ email: read('email'), password: read('password') })}
      >
        <Field name="email" label="New email address" type="email" autoComplete="email" required />
        <Field name="password" label="Your password" type="password" autoComplete="current-password" required />
        {change.isSuccess && (
          <Notice tone="good">
            We sent a link to {change.variables.email}. Your address changes when you open it and confirm.
          </Notice>
        )}
      </Form>
      <PasswordByMail />
    </>
  )
}
