import { SECOND } from '../../platform/durations.ts'
import { cookieDomainsOf, type Cookies } from '../../platform/http/cookies.ts'
import type { AuthSettings } from '../auth.settings.ts'

/** The name without a prefix: the only one without https, and the one that programs and older servers know. */
const PLAIN = 'refresh_token'
/** The browser accepts it only from this host over https, so no other site can set it. */
const OF_HOST = '__Host-refresh_token'
/** The browser accepts it only over https. It may have a domain. */
const SECURE = '__Secure-refresh_token'

/**
 * The cookie that holds the refresh token. It is HttpOnly, so that no script can read it.
 *
 * Attack and accident: a browser sends every cookie of a name, whoever set it. A sibling subdomain may have set one for
 * the parent domain, and changing `COOKIE_DOMAIN` leaves the cookie of the old scope. So read all of them, and clear all
 * other scopes when writing.
 *
 * In production the cookie has a prefixed name. It is also written under the plain name, which servers from before
 * 2026-11-30 read and write: during a rolling deploy a browser meets both. Once all servers run this version and the
 * refresh tokens of before have expired, the plain name can go.
 */
export function refreshCookie(cookies: Cookies, { cookie, apiUrl }: AuthSettings) {
  const prefixed = cookie.domain === undefined ? OF_HOST : SECURE
  const names = cookie.secure ? [prefixed, PLAIN] : [PLAIN]

  function clear(name: string, domain: string | undefined): void {
    const secure = cookie.secure || name !== PLAIN // a browser ignores a prefixed cookie without `Secure`
    cookies.set(name, '', { ...cookie, secure, domain, maxAgeSeconds: 0 })
  }

  /** Clears the cookies that another setting, an older server or another site has left in the browser. */
  function clearOtherScopes(): void {
    const received = cookies.received.map(({ name }) => name)
    for (const name of [OF_HOST, SECURE, PLAIN]) {
      const isOurs = names.includes(name)
      const count = received.filter((each) => each === name).length
      if (count > (isOurs ? 1 : 0) && name !== OF_HOST) {
        for (const domain of cookieDomainsOf(apiUrl)) if (!isOurs || domain !== bare(cookie.domain)) clear(name, domain)
      }
      if (isOurs ? cookie.domain !== undefined && count > 0 : count > 0) clear(name, undefined)
    }
  }

  return {
    /** The values of the cookies, the most trustworthy first. */
    read: (): string[] => {
      const found = [prefixed, OF_HOST, SECURE, PLAIN].flatMap((wanted) =>
        cookies.received.filter(({ name, value }) => name === wanted && value !== '').map(({ value }) => value),
      )
      return [...new Set(found)]
    },
    write: (token: string, expiresAt: Date, now: Date) => {
      const maxAgeSeconds = Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / SECOND))
      clearOtherScopes()
      for (const name of names) cookies.set(name, token, { ...cookie, maxAgeSeconds })
    },
    /** Clears the cookie in every scope that it can have. */
    clear: () => {
      const domains = new Set([bare(cookie.domain), ...cookieDomainsOf(apiUrl)])
      for (const name of cookie.secure ? [OF_HOST, SECURE, PLAIN] : [PLAIN]) {
        clear(name, undefined)
        if (name !== OF_HOST) for (const domain of domains) if (domain !== undefined) clear(name, domain)
      }
    },
  }
}

/** A browser reads `.example.com` as `example.com`. */
const bare = (domain: string | undefined) => domain?.replace(/^\./, '')
