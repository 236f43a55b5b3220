import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { createTollgateClient, isTollgateError, type AppRouter } from '@tollgate/client'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { settings } from './settings.ts'

/** Maximum number of tries for a query. Only a lost connection and a busy backend are worth another try. */
const MAX_TRIES = 3

export const { api, session, oauthUrl } = createTollgateClient({ url: settings.apiUrl })

/** The user has lost the account or a right in it, so that the known list of accounts is out of date. */
function onError(error: unknown): void {
  if (!isTollgateError(error, 'ACCOUNT_NOT_FOUND') && !isTollgateError(error, 'ROLE_REQUIRED')) return
  void queryClient.invalidateQueries(trpc.accounts.list.queryFilter())
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError, onSuccess: () => tellOtherTabs() }),
  defaultOptions: {
    queries: {
      retry: (failures, error) =>
        failures < MAX_TRIES - 1 && (!isTollgateError(error) || isTollgateError(error, 'BUSY')),
    },
  },
})

const changes =
  typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`tollgate changes ${settings.apiUrl}`)

/** The user has changed something that other tabs may show. A hidden tab loads it again once it is looked at. */
export function tellOtherTabs(): void {
  if (session.current) changes?.postMessage('changed')
}

changes?.addEventListener('message', () => {
  if (session.current) void queryClient.invalidateQueries({ refetchType: document.hidden ? 'none' : 'active' })
})

/** The API as options for TanStack Query: `useQuery(trpc.billing.plans.list.queryOptions())`. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client: api, queryClient })

let lastUserId: string | undefined
session.watch(() => {
  const { state } = session
  // A session that has ended by itself may go on: a form keeps what was typed, and the page what it shows.
  if (state.status === 'out' && state.because === null) {
    lastUserId = undefined
    queryClient.clear()
  }
  if (state.status !== 'in') return
  // The next user must not see what the last one loaded.
  if (state.session.user.id !== lastUserId) queryClient.clear()
  lastUserId = state.session.user.id
})

/** Restores the session of this browser's refresh cookie. The outcome, a failure too, is in `session.state`. */
export async function restoreSession(): Promise<void> {
  await session.restore().catch(() => null)
}
