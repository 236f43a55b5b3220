import type { QueryClient } from '@tanstack/react-query'
import type { ClientSession } from '@tollgate/client'
import { meKey, ownerOf, USERS_KEY } from './query-keys.ts'

/**
 * Drops what was loaded for any user but the current one, now and after each change of the session. Every login and
 * refresh also brings the user's latest data.
 *
 * @returns a function that stops it.
 */
export function followSession(session: ClientSession, queryClient: QueryClient): () => void {
  const follow = () => {
    const { state } = session
    if (state.status !== 'in' && state.status !== 'out') return
    const user = state.status === 'in' ? state.session.user : undefined
    queryClient.removeQueries({ queryKey: USERS_KEY, predicate: ({ queryKey }) => ownerOf(queryKey) !== user?.id })
    if (user) queryClient.setQueryData(meKey(user.id), user)
  }
  follow()
  return session.watch(follow)
}
