'use client'
import { useQuery } from '@tanstack/react-query'
import type { SessionState as ClientState, TollgateClient } from '@tollgate/client'
import { useSyncExternalStore } from 'react'
import { queryOf } from './queries.ts'
import { meKey } from './query-keys.ts'
import type { NoSession, User } from './states.ts'
import { useTollgateContext } from './tollgate-context.ts'

/** Who is logged in. */
export type SessionState =
  | NoSession
  | {
      readonly status: 'in'
      /** With the latest data: it is loaded again when the user comes back to this tab. */
      readonly user: User
      /**
       * Ends the session.
       *
       * @throws {TRPCClientError} if the backend could not be reached. The session then goes on.
       */
      logOut(): Promise<void>
    }

/** Short, so that an address shows as verified when the user comes back from the email's tab. */
const STALE_AFTER_MS = 5_000

/** Who is logged in, in this tab. It follows logins and logouts here and in other tabs. */
export function useSession(): SessionState {
  const { client } = useTollgateContext()
  const state = useLogin()
  const userId = state.status === 'in' ? state.user.id : ''
  const isConfirmed = state.status === 'in' && state.isConfirmed
  const me = useQuery({
    ...queryOf(client, userId, () => client.api.auth.me.query()),
    queryKey: meKey(userId),
    enabled: isConfirmed,
    initialData: isConfirmed ? state.user : undefined,
    staleTime: STALE_AFTER_MS,
  })
  if (state.status !== 'in') return state
  return { status: 'in', user: me.data ?? state.user, logOut: () => logOut(client) }
}

async function logOut({ api }: TollgateClient): Promise<void> {
  await api.auth.logout.mutate()
}

/** A login as the client knows it, without asking for more. */
export type Login =
  | NoSession
  | {
      readonly status: 'in'
      readonly user: User
      /** False while only the server that rendered the page has said so. Nothing can be loaded yet. */
      readonly isConfirmed: boolean
    }

const UNKNOWN: ClientState = { status: 'unknown' }

/** On a server, and until the page is hydrated, only the given session counts: both must render the same. */
export function useLogin(): Login {
  const { client, initialSession } = useTollgateContext()
  const { session } = client
  const state = useSyncExternalStore(
    session.watch,
    () => session.state,
    () => UNKNOWN,
  )
  switch (state.status) {
    case 'in':
      return { status: 'in', user: state.session.user, isConfirmed: true }
    case 'out':
      return { status: 'out', because: state.because }
    case 'unreachable':
      return { status: 'error', error: state.error, retry: () => void session.restore().catch(() => null) }
    case 'unknown':
      if (initialSession === undefined) return { status: 'loading' }
      if (initialSession === null) return { status: 'out', because: null }
      return { status: 'in', user: initialSession.user, isConfirmed: false }
  }
}
