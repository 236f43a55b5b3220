import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { trpc } from '../api.ts'
import { Badge } from '../parts/badge.tsx'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { PasswordByMail } from './password-by-mail.tsx'
import { SendAgain } from './verification-notice.tsx'

/** The user's email address, its verification status, and a form to change it. */
export function EmailAddress() {
  const user = useUser()
  const [isChanging, setChanging] = useState(false)
  return (
    <section className="card" aria-labelledby="email-address">
      <div className="section-head">
        <h2 id="email-address">{t.account.email.title}</h2>
        {user?.isVerified === true && <Badge tone="good" label={t.account.email.verified} />}
        {user?.isVerified === false && <Badge tone="warning" label={t.account.email.notVerified} />}
      </div>
      <p>{user?.email}</p>
      {user?.isVerified === false && <SendAgain />}
      {isChanging ? (
        <ChangeAddress />
      ) : (
        <p className="actions">
          <button type="button" className="button button-quiet" onClick={() => setChanging(true)}>
            {t.account.email.change}
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
        submit={t.account.email.submit}
        isNext
        busy={change.isPending}
        error={change.error}
        fieldOf={{ EMAIL_TAKEN: 'email', WRONG_PASSWORD: 'password' }}
        onSubmit={(read) => change.mutate({ email: read('email'), password: read('password') })}
      >
        <Field name="email" label={t.account.email.field} type="email" autoComplete="email" required />
        <PasswordField name="password" label={t.account.email.yourPassword} autoComplete="current-password" />
        {change.isSuccess && <Notice tone="good">{t.account.email.sent(change.variables.email)}</Notice>}
      </Form>
      <PasswordByMail />
    </>
  )
}
