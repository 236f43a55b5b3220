import { accessCookie, accessIn, clearedAccess } from './access-cookie.ts'
import { connect, type ConnectionOptions, type TollgateClient } from './connect.ts'
import { createCookieJar } from './cookie-keeper.ts'
import { cookieSetter, isSecure, passOn, receivedCookies, type ServerCookies } from './server-cookies.ts'
import { alone } from './tabs.ts'
import { onBehalfOf, type Visitor } from './visitor.ts'

export interface TollgateServerClientOptions extends ConnectionOptions {
  /**
   * The cookies of the request that the server answers: `{ header, set }`, or a store with `getAll` and `set` as
   * `cookies()` of Next.js returns it. Without a `set` that works, the client never refreshes the session.
   */
  cookies: ServerCookies
  /** Who visits, so that the backend's limits and sessions are the visitor's, and not those of your server. */
  visitor?: Visitor
}

export interface TollgateServerClient extends TollgateClient {
  /**
   * Renews the session if its access token is missing or about to expire. Call it in a middleware, before pages that
   * can't set cookies.
   *
   * @returns whether the visitor has a session, as far as the cookies say. A visitor can forge them, so a page that must
   *   be protected needs a call that the backend verifies, such as `auth.me`.
   * @throws {TRPCClientError} if the backend can't be reached.
   */
  refreshSession(): Promise<boolean>
}

/** An access token that expires sooner is renewed by `refreshSession`. The pages after it must get by with it. */
const MIN_LIFETIME_MS = 60_000

const READ_ONLY =
  'The session needs a refresh, but this part of the server can not set cookies, so the renewed session would be lost. ' +
  'Call refreshSession() in a middleware that runs before it. Log in and out where cookies can be set, too.'

/**
 * Creates a typed client for one request on a server, with the session of this request's visitor. Create one for each
 * request and keep it nowhere else.
 *
 * It keeps the access token in a cookie of your host, so that the next request needs no refresh.
 */
export function createTollgateServerClient(options: TollgateServerClientOptions): TollgateServerClient {
  const fetchIt = onBehalfOf(options.visitor, options.fetch ?? ((input, init) => fetch(input, init)))
  const { cookies } = options
  const received = receivedCookies(cookies)
  const setCookie = cookieSetter(cookies)
  const given = accessIn(received)
  let isOverHttps = false
  let written = given?.accessToken
  let canSet: boolean | undefined

  const jar = createCookieJar(fetchIt, {
    received,
    take(lines) {
      isOverHttps = lines.some(isSecure)
      if (setCookie) passOn(cookies, lines)
    },
  })

  /** A store may only throw when it is used. Try it with the access cookie, which is worthless when this matters. */
  function cookiesCanBeSet(): boolean {
    if (!setCookie || !cookies.getAll) return setCookie !== undefined
    try {
      for (const cookie of [...clearedAccess(received), accessCookie(undefined, false)]) if (cookie) setCookie(cookie)
      return true
    } catch {
      return false
    }
  }

  const { client, keeper } = connect({
    ...{ options, url: options.url.replace(/\/+$/, ''), fetch: jar.fetch, tabs: alone, given },
    hasRefreshToken: jar.hasCookie,
    noSession() {
      canSet ??= cookiesCanBeSet()
      return canSet ? undefined : READ_ONLY
    },
  })

  keeper.watch(() => {
    const token = keeper.current?.accessToken
    if (!setCookie || !canSet || token === written) return
    written = token
    const cookie = accessCookie(token, isOverHttps)
    if (cookie) setCookie(cookie)
  })

  return {
    ...client,
    async refreshSession() {
      const token = keeper.accessToken
      const expiresAt = keeper.current?.expiresAt ?? (token === undefined ? undefined : given?.expiresAt)
      if (expiresAt && expiresAt.getTime() - Date.now() > MIN_LIFETIME_MS) return true
      return keeper.renew(token)
    },
  }
}
