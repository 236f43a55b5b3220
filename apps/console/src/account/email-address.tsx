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
import { SendPasswordLink } from './send-password-link.tsx'
import { isStandInAddress } from './stand-in-address.ts'
import { useHasPassword } from './use-has-password.ts'
import { SendAgain } from './verification-notice.tsx'

/** The user's email address, its verification status, and a form to change it. */
export function EmailAddress() {
  const user = useUser()
  const hasPassword = useHasPassword()
  const [isChanging, setChanging] = useState(false)
  const isStandIn = user !== null && isStandInAddress(user.email)
  return (
    <section className="card" aria-labelledby="email-address">
      <div className="section-head">
        <h2 id="email-address">{t.account.email.title}</h2>
        {user?.isVerified === true && !isStandIn && <Badge tone="good" label={t.account.email.verified} />}
        {user?.isVerified === false && <Badge tone="warning" label={t.account.email.notVerified} />}
      </div>
      <p>{isStandIn ? t.account.email.noneYet : user?.email}</p>
      {user?.isVerified === false && <SendAgain />}
      {isChanging && user && hasPassword === false && !isStandIn ? (
        <>
          <p>{t.account.email.needsPassword}</p>
          <SendPasswordLink email={user.email} />
        </>
      ) : isChanging ? (
        <ChangeAddress needsPassword={!isStandIn || hasPassword === true} />
      ) : (
        <p className="actions">
          <button type="button" className="button button-quiet" onClick={() => setChanging(true)}>
            {isStandIn ? t.account.email.add : t.account.email.change}
          </button>
        </p>
      )}
    </section>
  )
}

function ChangeAddress({ needsPassword }: { needsPassword: boolean }) {
  const change = useMutation(trpc.auth.requestEmailChange.mutationOptions())
  return (
    <>
      <Form
        submit={t.account.email.submit}
        isNext
        busy={change.isPending}
        error={change.error}
        fieldOf={{ EMAIL_TAKEN: 'email', WRONG_PASSWORD: 'password' }}
        onSubmit={(read) =>
          change.mutate({ email: read('email'), ...(needsPassword && { password: read('password') }) })
        }
      >
        <Field name="email" label={t.account.email.field} type="email" autoComplete="email" required />
        {needsPassword && (
          <PasswordField name="password" label={t.account.email.yourPassword} autoComplete="current-password" />
        )}
        {change.isSuccess && <Notice tone="good">{t.account.email.sent(change.variables.email)}</Notice>}
      </Form>
      {needsPassword && <PasswordByMail />}
    </>
  )
}
