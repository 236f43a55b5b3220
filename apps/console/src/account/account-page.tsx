import type { ReactNode } from 'react'
import { AccountNavLink } from '../accounts/account-link.tsx'
import { Page } from '../parts/page.tsx'
import { t } from '../texts/catalogue.ts'

/** A page about the user's own account, with tabs for the other pages. */
export function AccountPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Page title={title}>
      <nav className="tabs" aria-label={t.account.navigation}>
        <AccountNavLink to="/profile">{t.account.profile}</AccountNavLink>
        <AccountNavLink to="/password">{t.account.password}</AccountNavLink>
        <AccountNavLink to="/sessions">{t.account.sessions}</AccountNavLink>
      </nav>
      <div className="column">{children}</div>
    </Page>
  )
}
