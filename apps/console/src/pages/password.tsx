import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { AccountPage } from '../account/account-page.tsx'
import { NewPasswordField } from '../account/new-password-field.tsx'
import { PasswordByMail } from '../account/password-by-mail.tsx'
import { SetPassword } from '../account/set-password.tsx'
import { trpc } from '../api.ts'
import { CardSkeleton } from '../parts/card-skeleton.tsx'
import { Form } from '../parts/form.tsx'
import { LoadFailure } from '../parts/load-failure.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { PasswordField } from '../parts/password-field.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'

/** Changes the password, or sets the first one of an account that was opened with Google or GitHub. */
export function ChangePassword() {
  const user = useUser()
  const profile = useQuery({ ...trpc.profile.get.queryOptions(), refetchOnWindowFocus: false })
  const change = useMutation(trpc.auth.changePassword.mutationOptions())

  if (change.isSuccess) return <Changed />
  if (!profile.data) {
    return (
      <AccountPage title={t.account.password}>
        {profile.isError ? (
          <LoadFailure error={profile.error} retry={() => void profile.refetch()} />
        ) : (
          <CardSkeleton lines={7} />
        )}
      </AccountPage>
    )
  }
  if (!profile.data.hasPassword) {
    return (
      <AccountPage title={t.account.password}>
        <SetPassword />
      </AccountPage>
    )
  }
  return (
    <AccountPage title={t.account.password}>
      <section className="card" aria-label={t.account.changePassword.section}>
        <Form
          submit={t.account.changePassword.submit}
          busy={change.isPending}
          error={change.error}
          fieldOf={{ WRONG_PASSWORD: 'oldPassword' }}
          onSubmit={(read) => change.mutate({ oldPassword: read('oldPassword'), newPassword: read('newPassword') })}
        >
          {/* Tells password managers which account this is. */}
          <input type="email" autoComplete="username" value={user?.email ?? ''} readOnly hidden />
          <PasswordField name="oldPassword" label={t.auth.currentPassword} autoComplete="current-password" />
          <NewPasswordField name="newPassword" />
        </Form>
        <PasswordByMail />
      </section>
    </AccountPage>
  )
}

function Changed() {
  return (
    <Page title={t.account.changePassword.done} narrow takesOver>
      <Notice tone="good">{t.account.changePassword.stay}</Notice>
      <p className="actions">
        <Link className="button" to="/profile">
          {t.account.changePassword.seeProfile}
        </Link>
      </p>
    </Page>
  )
}
