import { createTRPCClient, httpBatchLink, httpLink, type TRPCClient } from '@trpc/client'
import superjson from 'superjson'
import { withCookies } from './cookie-keeper.ts'
import type { AppRouter } from './generated/api.ts'
import { sessionLink } from './session-link.ts'
import { createSession, type ClientSession } from './session.ts'

export interface TollgateClientOptions {
  /** The API's base, such as `https://api.example.com`. */
  url: string
  /** Used in place of the global one. */
  fetch?: typeof fetch
  /** Called once when the session has ended: logged out elsewhere, expired, disabled. Gets the reason. */
  onSessionEnd?: (reason: string) => void
}

export interface TollgateClient {
  /** Every procedure, typed: `api.auth.login.mutate(…)`, `api.billing.plans.list.query()`. */
  api: TRPCClient<AppRouter>
  session: ClientSession
}

/** The server refuses longer batches by default. */
const LONGEST_BATCH = 10

/**
 * A typed client that keeps its own session: it sends the access token, refreshes it when it is refused and repeats
 * the call.
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
    links: [sessionLink(session), httpBatchLink({ ...transport, headers, maxItems: LONGEST_BATCH })],
  })
  return { api, session }
}
