import { AccountPage } from '../account/account-page.tsx'
import { ChangeUsername } from '../account/change-username.tsx'
import { Deactivate } from '../account/deactivate.tsx'
import { EmailAddress } from '../account/email-address.tsx'
import { LinkedAccounts } from '../account/linked-accounts.tsx'
import { ProfileForm } from '../account/profile-form.tsx'
import { t } from '../texts/catalogue.ts'

export function Profile() {
  return (
    <AccountPage title={t.account.profile}>
      <ProfileForm />
      <ChangeUsername />
      <EmailAddress />
      <LinkedAccounts />
      <Deactivate />
    </AccountPage>
  )
}
