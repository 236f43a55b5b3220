import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { NavLink, useLocation, useNavigate } from 'react-router'
import { AccountLink, AccountNavLink } from '../accounts/account-link.tsx'
import { trpc } from '../api.ts'
import { BrandSign } from '../parts/brand-sign.tsx'
import { BusyButton } from '../parts/busy-button.tsx'
import { useSessionState, useUser } from '../session/use-user.ts'
import { t } from '../texts/catalogue.ts'

/** Visitors have no accounts: they don't load its code. */
const AccountSwitcher = lazy(async () => {
  const found = await import('./account-switcher.tsx').catch(() => null)
  return { default: found?.AccountSwitcher ?? NoSwitcher }
})

/** Shown if its code can't be loaded. After a deploy, the old code is gone; the page works without it until a reload. */
const NoSwitcher = () => null

export function Header() {
  const { status } = useSessionState()
  const { key } = useLocation()
  return (
    <header className="header-bar">
      <div className="header">
        <AccountLink className="brand" to="/">
          <BrandSign />
        </AccountLink>
        {status === 'in' && (
          <Suspense>
            <AccountSwitcher />
          </Suspense>
        )}
        {status !== 'unknown' && <Navigation key={key} />}
      </div>
    </header>
  )
}

/** In a narrow window, a button opens it. It is closed after each navigation. */
function Navigation() {
  const { status } = useSessionState()
  const user = useUser()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button
        type="button"
        className="header-menu"
        aria-expanded={isOpen}
        aria-controls="main-navigation"
        onClick={() => setOpen(!isOpen)}
      >
        <span className="header-menu-icon" aria-hidden="true" />
        {t.shell.menu}
      </button>
      <div id="main-navigation" className="header-more" data-open={isOpen || undefined}>
        <nav aria-label={t.shell.mainNavigation}>
          <AccountNavLink to="/plans">{t.shell.plans}</AccountNavLink>
          {status === 'in' && <AccountNavLink to="/subscription">{t.shell.subscription}</AccountNavLink>}
          {status === 'in' && <MembersLink />}
          {status === 'in' && <ProfileLink />}
          {user?.isAdmin && <NavLink to="/admin">{t.shell.admin}</NavLink>}
          {status === 'out' && <NavLink to="/login">{t.shell.logIn}</NavLink>}
          {status === 'out' && <NavLink to="/signup">{t.shell.signUp}</NavLink>}
        </nav>
        {status === 'in' && <Account />}
      </div>
    </>
  )
}

/** Marked as current on all pages about the user, which have their own tabs. */
function ProfileLink() {
  const { pathname } = useLocation()
  const isCurrent = ['/profile', '/password', '/sessions'].includes(pathname)
  return (
    <AccountLink to="/profile" aria-current={isCurrent ? 'page' : undefined}>
      {t.shell.profile}
    </AccountLink>
  )
}

/** Marked as current on both pages about the organization, which have their own tabs. */
function MembersLink() {
  const { pathname } = useLocation()
  const isCurrent = ['/members', '/organization'].includes(pathname)
  return (
    <AccountLink to="/members" aria-current={isCurrent ? 'page' : undefined}>
      {t.shell.members}
    </AccountLink>
  )
}

function Account() {
  const user = useUser()
  const navigate = useNavigate()
  const logOut = useMutation(trpc.auth.logout.mutationOptions({ onSuccess: () => navigate('/', { replace: true }) }))
  return (
    <div className="account">
      <span className="account-name" title={user?.email}>
        {user?.username}
      </span>
      <BusyButton quiet busy={logOut.isPending} onClick={() => logOut.mutate()}>
        {t.shell.logOut}
      </BusyButton>
    </div>
  )
}
