import { Navigate, Outlet, useLocation } from 'react-router'
import { keepsPage } from './keeps-page.ts'
import { logInPath } from './local-path.ts'
import { useSessionState } from './use-user.ts'

/** Shows its routes to logged-in users only, and sends the others to the login page first. */
export function LoggedIn() {
  const state = useSessionState()
  const { pathname, search } = useLocation()
  if (state.status === 'in') return <Outlet />
  // The layout asks for a new login over the page.
  if (state.status === 'out' && keepsPage(state.because)) return <Outlet />
  return <Navigate replace to={logInPath(`${pathname}${search}`, state.status === 'out' ? state.because : null)} />
}
