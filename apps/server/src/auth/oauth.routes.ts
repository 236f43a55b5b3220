import express, { type Request, type Response, type Router } from 'express'
import { AccountDisabled, HookFailed } from '../platform/errors/errors.ts'
import { clientNetwork } from '../platform/http/client-address.ts'
import { methodNotAllowed } from '../platform/http/error-response.ts'
import { cookiesOf, requestInfoOf } from '../platform/http/http.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { scopeWith, type Scope } from '../platform/scope.ts'
import type { AuthDeps, AuthRequestScope } from './auth-scope.ts'
import {
  EmailUnverified,
  IdentityTaken,
  OAuthDenied,
  OAuthFailed,
  OAuthStateInvalid,
  SignUpDenied,
} from './auth.errors.ts'
import { beginOauth } from './identities/begin-oauth.ts'
import { completeOauth } from './identities/complete-oauth.ts'
import { oauthCookie } from './identities/oauth-cookie.ts'
import { redeemAppHandle, redeemLinkHandle } from './identities/redeem-handle.ts'
import { takeOauthState } from './identities/take-oauth-state.ts'
import { localPath } from './links/local-path.ts'
import type { ProviderName } from './providers/provider.ts'
import type { OpenedSession } from './sessions/opened-session.ts'
import { refreshCookie } from './sessions/refresh-cookie.ts'

/**
 * `GET /google/login`, `/github/login`, and their callbacks below `/auth/social/callback/`. These are for browsers, so
 * every answer is a redirect. A failure leads to the login page, or back to the app that asked for the login.
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
    let failurePage = `${auth.settings.webUrl}/login`
    try {
      const [redirectTo, ...others] = query.getAll('redirectTo')
      const [link, app] = [query.get('link'), query.get('app')]
      const asked =
        link !== null
          ? await redeemLinkHandle(scope, provider, link, refreshTokens)
          : app !== null
            ? await redeemAppHandle(scope, provider, app)
            : undefined
      failurePage = asked?.app_redirect ?? failurePage
      const { url, state, browser } = await beginOauth(scope, {
        provider,
        redirectTo: others.length > 0 ? '/' : localPath(redirectTo, auth.settings.webUrl),
        browser: cookie.read(),
        asked,
      })
      cookie.write(state, browser)
      sendTo(url)
    } catch (error) {
      sendTo(withParameter(failurePage, 'error', reasonOf(error, scope.log, provider)))
    }
  }

  async function complete(provider: ProviderName, visit: Visit): Promise<void> {
    const { scope, query, cookie, keepSession, sendTo } = visit
    await countVisit(scope, `GET /auth/social/callback/${provider}`)
    let failurePage = `${auth.settings.webUrl}/login`
    try {
      const [given, ...others] = query.getAll('state')
      const state = others.length > 0 ? '' : (given ?? '')
      const flow = await takeOauthState(scope, {
        provider,
        state,
        browser: cookie.read(state),
      })
      const page = flow.app?.redirect ?? `${auth.settings.webUrl}${flow.redirectTo}`
      if (flow.linkFor !== null || flow.app !== null) failurePage = page
      const done = await completeOauth(scope, flow, query)
      if (done.result === 'opened' || done.result === 'code') metrics.loggedIn(provider, 'ok')
      if (done.result === 'opened') keepSession(done.opened)
      cookie.clear(state)
      sendTo('code' in done ? withParameter(page, 'code', done.code) : page)
    } catch (error) {
      const reason = reasonOf(error, scope.log, provider)
      metrics.loggedIn(provider, reason)
      sendTo(withParameter(failurePage, 'error', reason))
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

function withParameter(address: string, name: 'code' | 'error', value: string): string {
  const url = new URL(address)
  url.searchParams.set(name, value)
  return url.href
}

/** @returns the reason for the login page, or for the app. The log gets the details. */
function reasonOf(error: unknown, log: Log, provider: ProviderName): string {
  if (error instanceof OAuthFailed) log.warn({ provider, why: error.why }, 'login with a provider failed')
  const isForUsers = [
    ...[OAuthDenied, OAuthStateInvalid, OAuthFailed, EmailUnverified, AccountDisabled, IdentityTaken],
    ...[SignUpDenied, HookFailed],
  ]
  for (const kind of isForUsers) if (error instanceof kind) return error.reason
  log.error({ err: error, provider }, 'login with a provider failed')
  return 'OAUTH_FAILED'
}
