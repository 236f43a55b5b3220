import { AccountPage } from '../account/account-page.tsx'
import { Deactivate } from '../account/deactivate.tsx'
import { EmailAddress } from '../account/email-address.tsx'
import { LinkedAccounts } from '../account/linked-accounts.tsx'
import { ProfileForm } from '../account/profile-form.tsx'

export function Profile() {
  return (
    <AccountPage title="Profile">
      <ProfileForm />
      <EmailAddress />
      <LinkedAccounts />
      <Deactivate />
    </AccountPage>
  )
}
