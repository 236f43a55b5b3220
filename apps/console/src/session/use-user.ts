import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs, SessionState } from '@tollgate/client'
import { useSyncExternalStore } from 'react'
import { session, trpc } from '../api.ts'

/** Short, so that the address shows as verified when the user comes back from the email's tab. */
const STALE_AFTER_MS = 5_000

export function useSessionState(): SessionState {
  return useSyncExternalStore(session.watch, () => session.state)
}

/** The logged-in user with the backend's latest data; null if no user is logged in. */
export function useUser(): RouterOutputs['auth']['me'] | null {
  const state = useSessionState()
  const atLogin = state.status === 'in' ? state.session.user : undefined
  const me = useQuery({
    ...trpc.auth.me.queryOptions(),
    enabled: atLogin !== undefined,
    initialData: atLogin,
    staleTime: STALE_AFTER_MS,
  })
  return atLogin ? (me.data ?? atLogin) : null
}
