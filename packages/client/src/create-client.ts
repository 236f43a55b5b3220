import { apiUrlFor } from './api-url.ts'
import { connect, DEFAULT_REFRESH_TIMEOUT_MS, type ConnectionOptions, type TollgateClient } from './connect.ts'
import { checkOfBrowser, checkOfMemory, checkOfStorage } from './cookie-check.ts'
import { createCookieJar, withBrowserCookies } from './cookie-keeper.ts'
import { isBrowser } from './runtime.ts'
import { alone, tabsOfBrowser } from './tabs.ts'
import type { TokenStorage } from './token-keeper.ts'
import { tokenLink, withBodyTransport } from './token-link.ts'

export interface TollgateClientOptions extends ConnectionOptions {
  /**
   * Where the refresh cookie is kept. `browser`, the default in a browser: in the cookie jar of the runtime. `memory`: in
   * this client, for a script with one user. Elsewhere, the client keeps no session unless this is set.
   */
  cookies?: 'browser' | 'memory'
  /**
   * Where an app outside a browser, such as one for React Native, keeps its refresh token. In a browser this is ignored:
   * there, the token is only in its HttpOnly cookie.
   */
  storage?: TokenStorage
}

const NO_SESSION =
  'createTollgateClient keeps no session outside a browser, because all visitors of a server would share it. On a ' +
  'server, use createTollgateServerClient for each request. In a script with one user, pass cookies: "memory". In a ' +
  'app, such as one for React Native, pass storage. In a runtime with its own cookie jar, pass cookies: "browser".'

/** @param patienceMs shorter than a refresh, so that a refresh succeeds although the storage hangs. */
function tokensIn(storage: TokenStorage, url: string, patienceMs: number) {
  const key = `tollgate.${url.replace(/^\w+:\/+/, '').replaceAll(/[^\w.-]+/g, '_')}` // tokens of other APIs have other keys
  return { link: tokenLink(storage, key, patienceMs), storage, key, patienceMs }
}

/**
 * Creates a typed client that keeps its own session. It sends the access token. When the backend refuses the token, it
 * refreshes the session and repeats the call, but never for another user.
 *
 * Outside a browser, the client keeps no session unless `cookies` or `storage` says where, and refuses the calls that
 * need one.
 *
 * @throws {TypeError} if both are given.
 */
export function createTollgateClient(options: TollgateClientOptions): TollgateClient {
  const fetchIt = options.fetch ?? ((input, init) => fetch(input, init))
  const { storage, refreshTimeoutMs: timeoutMs = DEFAULT_REFRESH_TIMEOUT_MS } = options
  if (storage && options.cookies) throw new TypeError('createTollgateClient takes cookies or storage, not both.')
  const cookies = options.cookies ?? (isBrowser() ? 'browser' : undefined)
  const url = cookies === 'browser' ? apiUrlFor(options.url) : options.url.replace(/\/+$/, '')
  if (cookies === 'memory')
    return connect({ options, url, fetch: createCookieJar(fetchIt).fetch, tabs: alone, check: checkOfMemory() }).client
  if (cookies === undefined && storage)
    return connect({
      ...{ options, url, tabs: alone, check: checkOfStorage() },
      fetch: withBodyTransport(fetchIt),
      tokens: tokensIn(storage, url, timeoutMs / 3),
    }).client
  if (cookies === undefined)
    return connect({ options, url, fetch: fetchIt, tabs: alone, noSession: () => NO_SESSION }).client
  return connect({
    options,
    url,
    fetch: withBrowserCookies(fetchIt),
    tabs: tabsOfBrowser(url, timeoutMs),
    check: checkOfBrowser(url),
  }).client
}
