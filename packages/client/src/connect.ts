import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  TRPCClientError,
  type TRPCClient,
  type TRPCLink,
} from '@trpc/client'
import { observable } from '@trpc/server/observable'
import superjson from 'superjson'
import type { CookieCheck } from './cookie-check.ts'
import { endReasonOf, type SessionEndReason } from './end-reason.ts'
import { isTollgateError } from './errors.ts'
import type { AppRouter } from './generated/api.ts'
import { headersFor, namedUser, sessionLink } from './session-link.ts'
import { createSession, type ClientSession, type NoSession, type Session } from './session.ts'
import type { Tabs } from './tabs.ts'

export interface ConnectionOptions {
  /** The API's base URL, such as `https://api.example.com`. */
  url: string
  /** Replaces the global `fetch`. */
  fetch?: typeof fetch
  /** Called once with the reason when a session that this client had has ended, other than by a logout here. */
  onSessionEnd?: (reason: SessionEndReason) => void
  /** Maximum time for refreshing the session, in milliseconds. The default is 15 seconds. */
  refreshTimeoutMs?: number
}

export interface TollgateClient {
  /** Every procedure, typed: `api.auth.login.mutate(…)`, `api.billing.plans.list.query()`. */
  api: TRPCClient<AppRouter>
  session: ClientSession
  /**
   * Where to send the browser to log in with Google or GitHub: `location.assign(oauthUrl('google'))`. It comes back to
   * your page with the refresh cookie, so that `session.restore()` finds the session, or to `/login?error=`.
   *
   * @param redirectTo a path below `WEB_URL`. The default is `/`.
   */
  oauthUrl(provider: OAuthProvider, redirectTo?: string): string
}

export type OAuthProvider = 'google' | 'github'

export const DEFAULT_REFRESH_TIMEOUT_MS = 15_000

/** Maximum number of calls in one request. By default, the server refuses longer batches. */
const MAX_BATCH = 10

interface Connection {
  options: ConnectionOptions
  /** The API's base URL, without a slash at the end. */
  url: string
  /** Sends and keeps the refresh cookie. */
  fetch: typeof fetch
  tabs: Tabs
  check?: CookieCheck
  /** Sends and keeps the refresh token, for a client without cookies. */
  tokens?: TRPCLink<AppRouter>
  /** Set if this client can't keep a session, and says why. Calls that need a session are then refused. */
  noSession?: string
}

/** Connects the parts of a client. */
export function connect({ options, url, fetch: fetchIt, tabs, check, tokens, noSession }: Connection): TollgateClient {
  const tokenLinks = tokens ? [tokens] : []
  const transport = { url: `${url}/trpc`, fetch: fetchIt, transformer: superjson }
  const refresher = createTRPCClient<AppRouter>({
    links: [...tokenLinks, httpLink({ ...transport, headers: ({ op }) => namedUser(asText(op.context['userId'])) })],
  })
  const renew = (userId: string | undefined, signal: AbortSignal) =>
    refresher.auth.refresh.mutate(undefined, { signal, context: { userId } })
  const restore = async (signal: AbortSignal): Promise<Session | NoSession> => {
    try {
      const { session: found, because } = await refresher.auth.restore.mutate(undefined, { signal })
      return found ?? { because: because ?? 'REFRESH_TOKEN_MISSING' }
    } catch (error) {
      if (isTollgateError(error, 'UNKNOWN_PROCEDURE')) return renew(undefined, signal) // an older backend
      throw error
    }
  }
  const session = createSession({
    async refresh(userId, signal) {
      if (noSession !== undefined) throw TRPCClientError.from<AppRouter>(new Error(noSession))
      try {
        const fresh = await (userId === undefined ? restore(signal) : renew(userId, signal))
        check?.refreshed('because' in fresh ? fresh.because : 'session')
        return fresh
      } catch (error) {
        check?.refreshed(endReasonOf(error))
        throw error
      }
    },
    timeoutMs: options.refreshTimeoutMs ?? DEFAULT_REFRESH_TIMEOUT_MS,
    onEnd: options.onSessionEnd,
    onLogin: () => check?.loggedIn(),
    onLogout: () => check?.loggedOut(),
    tabs,
  })
  const api = createTRPCClient<AppRouter>({
    links: [
      ...(noSession === undefined ? [] : [refuseSessions(noSession)]),
      sessionLink(session),
      ...tokenLinks,
      httpBatchLink({ ...transport, headers: ({ opList }) => headersFor(session, opList), maxItems: MAX_BATCH }),
    ],
  })
  const oauthUrl = (provider: OAuthProvider, redirectTo?: string) =>
    `${url}/${provider}/login${redirectTo === undefined ? '' : `?redirectTo=${encodeURIComponent(redirectTo)}`}`
  return { api, session, oauthUrl }
}

const asText = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** The calls that open, renew or end a session. */
const SESSION_CALLS = ['auth.login', 'auth.loginWithCode', 'auth.refresh', 'auth.restore', 'auth.logout']

/** Refuses them before anything is sent. */
function refuseSessions(why: string): TRPCLink<AppRouter> {
  return () =>
    ({ next, op }) =>
      SESSION_CALLS.includes(op.path)
        ? observable((observer) => observer.error(TRPCClientError.from<AppRouter>(new Error(why))))
        : next(op)
}
