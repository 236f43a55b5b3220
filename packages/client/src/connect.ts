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
import type { GivenAccess } from './access-cookie.ts'
import { appLogin, noAppLogin, type AppLogin, type OAuthProvider } from './app-login.ts'
import type { CookieCheck } from './cookie-check.ts'
import { endReasonOf, type SessionEndReason } from './end-reason.ts'
import { isTollgateError } from './errors.ts'
import type { AppRouter } from './generated/api.ts'
import { bearer, headersFor, namedUser, sessionLink } from './session-link.ts'
import { createSession, type ClientSession, type NoSession, type Session, type SessionKeeper } from './session.ts'
import type { Tabs } from './tabs.ts'
import type { TokenStorage } from './token-keeper.ts'

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

export interface TollgateClient extends AppLogin {
  /** Every procedure, typed: `api.auth.login.mutate(…)`, `api.billing.plans.list.query()`. */
  api: TRPCClient<AppRouter>
  session: ClientSession
  /**
   * Where to send the browser to log in with Google or GitHub: `location.assign(oauthUrl('google'))`. It comes back to
   * your page with the refresh cookie, so that `session.restore()` finds the session, or to `/login?error=`.
   *
   * An app with `storage` calls `beginOAuth` instead.
   *
   * @param options the options, or only `returnTo`.
   */
  oauthUrl(provider: OAuthProvider, options?: OAuthOptions | string): string
}

export interface OAuthOptions {
  /** The page to come back to: a path below `WEB_URL`. The default is `/`, also for anything that is no such path. */
  returnTo?: string
}

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
  tokens?: { link: TRPCLink<AppRouter>; storage: TokenStorage; key: string; patienceMs: number }
  /** The access token that this client starts with. */
  given?: GivenAccess | undefined
  /** Whether there is a refresh token. Without one, the backend is not asked for a session. */
  hasRefreshToken?(): boolean
  /** Says why this client can't keep a session, if it can't. Calls that open, renew or end one are then refused. */
  noSession?(): string | undefined
}

/** Connects the parts of a client. */
export function connect(connection: Connection): { client: TollgateClient; keeper: SessionKeeper } {
  const { options, url, fetch: fetchIt, tabs, check, tokens, given, hasRefreshToken, noSession } = connection
  const tokenLinks = tokens ? [tokens.link] : []
  const transport = { url: `${url}/trpc`, fetch: fetchIt, transformer: superjson }
  const refresher = createTRPCClient<AppRouter>({
    links: [
      ...tokenLinks,
      httpLink({
        ...transport,
        headers: ({ op }) => ({ ...namedUser(asText(op.context['userId'])), ...bearer(asText(op.context['token'])) }),
      }),
    ],
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
      if (hasRefreshToken && !hasRefreshToken()) return { because: 'REFRESH_TOKEN_MISSING' }
      const why = noSession?.()
      if (why !== undefined) throw TRPCClientError.from<AppRouter>(new Error(why))
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
    given,
    identify: (token, signal) => refresher.auth.me.query(undefined, { signal, context: { token } }),
  })
  const api = createTRPCClient<AppRouter>({
    links: [
      ...(noSession ? [refuseSessions(noSession)] : []),
      sessionLink(session),
      ...tokenLinks,
      httpBatchLink({ ...transport, headers: ({ opList }) => headersFor(session, opList), maxItems: MAX_BATCH }),
    ],
  })
  const oauthUrl = (provider: OAuthProvider, options: OAuthOptions | string = {}) => {
    if (tokens) throw new TypeError('An app with storage can not use the cookie of a browser: call beginOAuth(…).')
    const { returnTo } = typeof options === 'string' ? { returnTo: options } : options
    return `${url}/${provider}/login${returnTo === undefined ? '' : `?redirectTo=${encodeURIComponent(returnTo)}`}`
  }
  const ofApp = tokens ? appLogin(api, { ...tokens, key: `${tokens.key}.oauth` }) : noAppLogin
  return { client: { api, session, oauthUrl, ...ofApp }, keeper: session }
}

const asText = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** The calls that open, renew or end a session. */
const SESSION_CALLS = [
  'auth.login',
  'auth.loginWithCode',
  'auth.exchangeOAuthCode',
  'auth.refresh',
  'auth.restore',
  'auth.logout',
  'auth.deactivate',
]

/** Refuses them before anything is sent, if there is a reason to. */
function refuseSessions(noSession: () => string | undefined): TRPCLink<AppRouter> {
  return () =>
    ({ next, op }) => {
      const why = SESSION_CALLS.includes(op.path) ? noSession() : undefined
      if (why === undefined) return next(op)
      return observable((observer) => observer.error(TRPCClientError.from<AppRouter>(new Error(why))))
    }
}
