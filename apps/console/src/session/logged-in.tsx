import { Navigate, Outlet, useLocation } from 'react-router'
import { logInPath } from './local-path.ts'
import { useSessionState } from './use-user.ts'

/** Lets those through who are logged in, and the others after they have. */
export function LoggedIn() {
  const state = useSessionState()
  const { pathname, search } = useLocation()
  if (state.status === 'in') return <Outlet />
  return <Navigate replace to={logInPath(`${pathname}${search}`, state.status === 'out' ? state.because : null)} />
}
