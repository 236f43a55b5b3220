import type { ReactNode } from 'react'
import { VerificationNotice } from '../account/verification-notice.tsx'
import { AccountNavLink } from '../accounts/account-link.tsx'
import { useAccount, type Account } from '../accounts/use-account.ts'
import { Page } from '../parts/page.tsx'
import { useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'
import { NoOrganization } from './no-organization.tsx'

interface OrganizationPageProps {
  /** What the page shows of the organization. */
  what: string
  children: (organization: Account) => ReactNode
}

/** A page about an organization, with tabs for the other pages. For the personal account, it says what is missing. */
export function OrganizationPage({ what, children }: OrganizationPageProps) {
  const account = useAccount()
  const user = useUser()
  if (account?.kind !== 'organization') return <NoOrganization title={what} />
  return (
    <Page title={t.members.of(what, account.name)}>
      <nav className="tabs" aria-label={t.members.navigation}>
        <AccountNavLink to="/members">{t.members.members}</AccountNavLink>
        <AccountNavLink to="/organization">{t.members.settings}</AccountNavLink>
      </nav>
      {user?.isVerified ? children(account) : <VerificationNotice />}
    </Page>
  )
}
