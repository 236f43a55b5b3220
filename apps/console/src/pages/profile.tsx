import { AccountPage } from '../parts/account-page.tsx'
import { Deactivate } from '../parts/deactivate.tsx'
import { EmailAddress } from '../parts/email-address.tsx'
import { LinkedAccounts } from '../parts/linked-accounts.tsx'
import { ProfileForm } from '../parts/profile-form.tsx'

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
