import express, { type Request, type Response, type Router } from 'express'
import { AccountDisabled } from '../platform/errors/errors.ts'
import { clientNetwork } from '../platform/http/client-address.ts'
import { methodNotAllowed } from '../platform/http/error-response.ts'
import { cookiesOf, requestInfoOf } from '../platform/http/http.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { scopeWith, type Scope } from '../platform/scope.ts'
import type { AuthDeps, AuthRequestScope } from './auth-scope.ts'
import { EmailUnverified, IdentityTaken, OAuthDenied, OAuthFailed, OAuthStateInvalid } from './auth.errors.ts'
import { beginOauth } from './identities/begin-oauth.ts'
import { completeOauth } from './identities/complete-oauth.ts'
import { oauthCookie } from './identities/oauth-cookie.ts'
import { takeOauthState } from './identities/take-oauth-state.ts'
import { localPath } from './links/local-path.ts'
import type { ProviderName } from './providers/provider.ts'
import type { OpenedSession } from './sessions/opened-session.ts'
import { refreshCookie } from './sessions/refresh-cookie.ts'

/**
 * `GET /google/login`, `/github/login`, and their callbacks below `/auth/social/callback/`. These are for browsers, so
 * every answer is a redirect. A failure leads to the login page.
 */
export function createOAuthRoutes(
  auth: AuthDeps,
  openScope: (requestId: string) => Scope,
  metrics: Pick<Metrics, 'loggedIn'>,
): Router {
  const router = express.Router()
  for (const provider of ['google', 'github'] as const) {
    router.get(`/${provider}/login`, (req, res) => begin(provider, receive(auth, openScope, req, res)))
    router.get(`/auth/social/callback/${provider}`, (req, res) =>
      complete(provider, receive(auth, openScope, req, res)),
    )
    router.all([`/${provider}/login`, `/auth/social/callback/${provider}`], methodNotAllowed('GET', 'HEAD'))
  }
  return router

  async function begin(provider: ProviderName, { scope, query, cookie, refreshTokens, sendTo }: Visit): Promise<void> {
    await countVisit(scope, `GET /${provider}/login`)
    try {
      const [redirectTo, ...others] = query.getAll('redirectTo')
      const { url, state, browser } = await beginOauth(scope, {
        provider,
        redirectTo: others.length > 0 ? '/' : localPath(redirectTo, auth.settings.webUrl),
        browser: cookie.read(),
        ...(query.has('link') ? { link: query.get('link') ?? '', refreshTokens } : {}),
      })
      cookie.write(state, browser)
      sendTo(url)
    } catch (error) {
      sendTo(`${auth.settings.webUrl}/login?error=${reasonOf(error, scope.log, provider)}`)
    }
  }

  async function complete(provider: ProviderName, visit: Visit): Promise<void> {
    const { scope, query, cookie, keepSession, sendTo } = visit
    await countVisit(scope, `GET /auth/social/callback/${provider}`)
    let failurePage = '/login'
    try {
      const [given, ...others] = query.getAll('state')
      const state = others.length > 0 ? '' : (given ?? '')
      const flow = await takeOauthState(scope, {
        provider,
        state,
        browser: cookie.read(state),
      })
      if (flow.linkFor !== null) failurePage = flow.redirectTo
      const opened = await completeOauth(scope, flow, query)
      if (opened) {
        keepSession(opened)
        metrics.loggedIn(provider, 'ok')
      }
      cookie.clear(state)
      sendTo(`${auth.settings.webUrl}${flow.redirectTo}`)
    } catch (error) {
      const page = new URL(`${auth.settings.webUrl}${failurePage}`)
      const reason = reasonOf(error, scope.log, provider)
      metrics.loggedIn(provider, reason)
      page.searchParams.set('error', reason)
      sendTo(page.href)
    }
  }

  /** Counted like reads: nothing here can be guessed, and a user must be able to come back from the provider. */
  async function countVisit({ request }: AuthRequestScope, route: string): Promise<void> {
    await auth.limits.countCall('reads', route, `ip:${clientNetwork(request.ip)}`)
  }
}

/** A browser's request, and the ways to answer it. */
interface Visit {
  readonly scope: AuthRequestScope
  readonly query: URLSearchParams
  readonly cookie: ReturnType<typeof oauthCookie>
  readonly refreshTokens: readonly string[]
  keepSession(opened: OpenedSession): void
  sendTo(url: string): void
}

function receive(auth: AuthDeps, openScope: (requestId: string) => Scope, req: Request, res: Response): Visit {
  // A navigation has no `Origin` header. The cookie that binds the browser protects it instead.
  const request = requestInfoOf(req, res, { listed: [], own: '' })
  const scope = scopeWith({ auth, request })(openScope(request.id))
  const cookies = cookiesOf(req, res)
  const refresh = refreshCookie(cookies, auth.settings)
  return {
    scope,
    query: new URL(req.originalUrl, auth.settings.apiUrl).searchParams,
    cookie: oauthCookie(cookies, auth.settings),
    refreshTokens: refresh.read(),
    keepSession: ({ refreshToken, refreshExpiresAt }) =>
      refresh.write(refreshToken, refreshExpiresAt, scope.clock.now()),
    sendTo: (url) => res.set('Cache-Control', 'no-store').redirect(302, url),
  }
}

/** @returns the reason for the login page. The log gets the details. */
function reasonOf(error: unknown, log: Log, provider: ProviderName): string {
  if (error instanceof OAuthFailed) log.warn({ provider, why: error.why }, 'login with a provider failed')
  const isForUsers = [OAuthDenied, OAuthStateInvalid, OAuthFailed, EmailUnverified, AccountDisabled, IdentityTaken]
  for (const kind of isForUsers) if (error instanceof kind) return error.reason
  log.error({ err: error, provider }, 'login with a provider failed')
  return 'OAUTH_FAILED'
}
