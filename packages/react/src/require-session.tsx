'use client'
import { Fragment, type ReactElement, type ReactNode } from 'react'
import type { NoSession } from './states.ts'
import { useLogin } from './use-session.ts'

export interface RequireSessionProps {
  /** What to show instead: a login page or a redirect to it, an error, or nothing while it is loading. */
  fallback(state: NoSession): ReactNode
  children: ReactNode
}

// The result type is explicit: an inferred one would name parts of React 19's types, and React 18's refuse those.

/**
 * Shows its children to logged-in users only. Each user gets fresh children, without the state of the last user's.
 * It hides pages; the backend protects the data.
 */
export function RequireSession({ fallback, children }: RequireSessionProps): ReactElement {
  const login = useLogin()
  if (login.status !== 'in') return <Fragment>{fallback(login)}</Fragment>
  return <Fragment key={login.user.id}>{children}</Fragment>
}
