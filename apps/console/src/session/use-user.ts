import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs, SessionState } from '@tollgate/client'
import { useSyncExternalStore } from 'react'
import { session, trpc } from '../api.ts'
import { keepsPage } from './keeps-page.ts'
import { lastUser } from './last-user.ts'

type User = RouterOutputs['auth']['me']

/** Short, so that the address shows as verified when the user comes back from the email's tab. */
const STALE_AFTER_MS = 5_000

export function useSessionState(): SessionState {
  return useSyncExternalStore(session.watch, () => session.state)
}

/** The logged-in user with the backend's latest data; null if no user is logged in. */
export function useUser(): User | null {
  const state = useSessionState()
  const isIn = state.status === 'in'
  const known = isIn ? state.session.user : userOfKeptPage(state)
  const me = useQuery({
    ...trpc.auth.me.queryOptions(),
    enabled: isIn,
    initialData: isIn ? state.session.user : undefined,
    staleTime: STALE_AFTER_MS,
  })
  return known ? (me.data ?? known) : null
}

/** While the layout asks for a new login over a form, the page below stays as it is. */
function userOfKeptPage(state: SessionState): User | undefined {
  return state.status === 'out' && keepsPage(state.because) ? lastUser() : undefined
}
