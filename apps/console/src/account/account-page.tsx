import type { ReactNode } from 'react'
import { NavLink } from 'react-router'
import { Page } from '../parts/page.tsx'

/** A page about the user's own account, with tabs for the other pages. */
export function AccountPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Page title={title} narrow>
      <nav className="tabs" aria-label="Account">
        <NavLink to="/profile">Profile</NavLink>
        <NavLink to="/password">Password</NavLink>
        <NavLink to="/sessions">Sessions</NavLink>
      </nav>
      {children}
    </Page>
  )
}
