import { QueryClient } from '@tanstack/react-query'
import { createTollgateClient, isTollgateError, type AppRouter } from '@tollgate/client'
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query'
import { createWatchable, type LogInState } from './session/log-in-state.ts'

/** Where the backend is. */
export const API_URL = import.meta.env.VITE_API_URL ?? 'http://127.0.0.1:3000'

/** Answers of the backend are final, but for "too busy"; a lost connection is worth two more tries. */
const TRIES = 3

export const logInState = createWatchable<LogInState>({ status: 'unknown' })

const { api, session } = createTollgateClient({
  url: API_URL,
  onSessionEnd: (because) => logInState.write({ status: 'out', because }),
})

export { api }

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < TRIES - 1 && (!isTollgateError(error) || isTollgateError(error, 'BUSY')),
    },
  },
})

/** The API as options for TanStack Query: `useQuery(trpc.billing.plans.list.queryOptions())`. */
export const trpc = createTRPCOptionsProxy<AppRouter>({ client: api, queryClient })

let lastUserId: string | undefined
session.subscribe((current) => {
  // What one person has seen is not for the next.
  if (current?.user.id !== lastUserId) queryClient.clear()
  lastUserId = current?.user.id
  logInState.write(current ? { status: 'in', session: current } : { status: 'out', because: null })
})

/** Takes up the log-in that this browser's cookie stands for; the outcome is in `logInState`. */
export async function restoreLogIn(): Promise<void> {
  try {
    await session.restore()
  } catch (error) {
    logInState.write({ status: 'unreachable', error })
  }
}
