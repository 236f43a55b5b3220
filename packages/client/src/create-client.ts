import { createTRPCClient, httpBatchLink, httpLink, type TRPCClient } from '@trpc/client'
import superjson from 'superjson'
import { withCookies } from './cookie-keeper.ts'
import type { AppRouter } from './generated/api.ts'
import { sessionLink } from './session-link.ts'
import { createSession, type ClientSession } from './session.ts'

export interface TollgateClientOptions {
  /** The API's base URL, such as `https://api.example.com`. */
  url: string
  /** Replaces the global `fetch`. */
  fetch?: typeof fetch
  /** Called with the reason when the backend has ended the session: logged out elsewhere, expired, disabled. */
  onSessionEnd?: (reason: string) => void
}

export interface TollgateClient {
  /** Every procedure, typed: `api.auth.login.mutate(…)`, `api.billing.plans.list.query()`. */
  api: TRPCClient<AppRouter>
  session: ClientSession
}

/** Maximum number of calls in one request. By default, the server refuses longer batches. */
const MAX_BATCH = 10

/**
 * Creates a typed client that keeps its own session. It sends the access token. When the backend refuses the token, it
 * refreshes the session and repeats the call.
 */
export function createTollgateClient(options: TollgateClientOptions): TollgateClient {
  const url = `${options.url.replace(/\/+$/, '')}/trpc`
  const transport = {
    url,
    fetch: withCookies(options.fetch ?? ((input, init) => fetch(input, init))),
    transformer: superjson,
  }

  const refresher = createTRPCClient<AppRouter>({ links: [httpLink(transport)] })
  const session = createSession({
    refresh: () => refresher.auth.refresh.mutate(),
    onEnd: options.onSessionEnd,
    lockName: `tollgate refresh ${url}`,
  })
  const headers = () => {
    const token = session.current?.accessToken
    return token ? { authorization: `Bearer ${token}` } : {}
  }
  const api = createTRPCClient<AppRouter>({
    links: [sessionLink(session), httpBatchLink({ ...transport, headers, maxItems: MAX_BATCH })],
  })
  return { api, session }
}
