import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { logInState, trpc } from '../api.ts'
import type { LogInState, User } from './log-in-state.ts'

/** Short, so that coming back from the mail's tab shows the address as verified. */
const STALE_AFTER = 5_000

export function useLogInState(): LogInState {
  return useSyncExternalStore(logInState.watch, logInState.read)
}

/** The person who is logged in, as the backend knows them now; null when nobody is. */
export function useUser(): User | null {
  const state = useLogInState()
  const atLogIn = state.status === 'in' ? state.session.user : undefined
  const me = useQuery({
    ...trpc.auth.me.queryOptions(),
    enabled: atLogIn !== undefined,
    initialData: atLogIn,
    staleTime: STALE_AFTER,
  })
  return atLogIn ? (me.data ?? atLogIn) : null
}
