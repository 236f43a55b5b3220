import { useMutation } from '@tanstack/react-query'
import { Link, NavLink, useLocation, useNavigate } from 'react-router'
import { trpc } from '../api.ts'
import { BusyButton } from '../parts/busy-button.tsx'
import { useSessionState, useUser } from '../session/use-user.ts'

export function Header() {
  const { status } = useSessionState()
  return (
    <header className="header">
      <Link className="brand" to="/">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Tollgate
      </Link>
      <nav aria-label="Main">
        <NavLink to="/plans">Plans</NavLink>
        {status === 'in' && <NavLink to="/subscription">Subscription</NavLink>}
        {status === 'in' && <AccountLink />}
        {status === 'out' && <NavLink to="/login">Log in</NavLink>}
        {status === 'out' && <NavLink to="/signup">Sign up</NavLink>}
      </nav>
      {status === 'in' && <Account />}
    </header>
  )
}

/** Marked as current on all account pages, which have their own tabs. */
function AccountLink() {
  const { pathname } = useLocation()
  const isCurrent = ['/profile', '/password', '/sessions'].includes(pathname)
  return (
    <Link to="/profile" aria-current={isCurrent ? 'page' : undefined}>
      Account
    </Link>
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
        Log out
      </BusyButton>
    </div>
  )
}
