import { useMutation } from '@tanstack/react-query'
import { Link } from 'react-router'
import { AccountPage } from '../account/account-page.tsx'
import { NewPasswordField } from '../account/new-password-field.tsx'
import { PasswordByMail } from '../account/password-by-mail.tsx'
import { trpc } from '../api.ts'
import { Field } from '../parts/field.tsx'
import { Form } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'

export function ChangePassword() {
  const user = useUser()
  const change = useMutation(trpc.auth.changePassword.mutationOptions())

  if (change.isSuccess) return <Changed />
  return (
    <AccountPage title="Password">
      <section className="card" aria-label="Change your password">
        <Form
          submit="Change my password"
          busy={change.isPending}
          error={change.error}
          fieldOf={{ WRONG_PASSWORD: 'oldPassword' }}
          onSubmit={(read) => change.mutate({ oldPassword: read('oldPassword'), newPassword: read('newPassword') })}
        >
          {/* Tells password managers which account this is. */}
          <input type="email" autoComplete="username" value={user?.email ?? ''} readOnly hidden />
          <Field name="oldPassword" label="Current password" type="password" autoComplete="current-password" required />
          <NewPasswordField name="newPassword" />
        </Form>
        <PasswordByMail />
      </section>
    </AccountPage>
  )
}

function Changed() {
  return (
    <Page title="Your password has been changed" narrow takesOver>
      <Notice tone="good">You stay logged in here. Your other devices are logged out.</Notice>
      <p className="actions">
        <Link className="button" to="/profile">
          See my profile
        </Link>
      </p>
    </Page>
  )
}
