import type { ReactNode } from 'react'
import { AccountNavLink } from '../accounts/account-link.tsx'
import { Page } from '../parts/page.tsx'

/** A page about the user's own account, with tabs for the other pages. */
export function AccountPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Page title={title} narrow>
      <nav className="tabs" aria-label="Account">
        <AccountNavLink to="/profile">Profile</AccountNavLink>
        <AccountNavLink to="/password">Password</AccountNavLink>
        <AccountNavLink to="/sessions">Sessions</AccountNavLink>
      </nav>
      {children}
    </Page>
  )
}
