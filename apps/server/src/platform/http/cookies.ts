export interface CookieOptions {
  readonly maxAgeSeconds: number
  readonly sameSite: 'lax' | 'strict' | 'none'
  readonly secure: boolean
  readonly domain: string | undefined
}

/** A cookie as the browser sent it. */
export interface ReceivedCookie {
  readonly name: string
  readonly value: string
}

/** Reads the request's cookies and sets the response's. All cookies set here are HttpOnly and valid for every path. */
export interface Cookies {
  /**
   * Every cookie of the request, in the browser's order: the longest path first, then the oldest.
   *
   * A name may come several times, because a browser keeps one cookie for each scope: for this host only, and for each
   * of its parent domains. Another site on a parent domain can set one, too.
   */
  readonly received: readonly ReceivedCookie[]
  set(name: string, value: string, options: CookieOptions): void
}

/**
 * The domains that a cookie of this host can have, the host itself included: for `api.app.example.com` also
 * `app.example.com` and `example.com`.
 *
 * @param url of the host. An IP address and a host of one label have no such domains.
 */
export function cookieDomainsOf(url: string): string[] {
  const { hostname } = new URL(url)
  if (/^[\d.]+$|^\[/.test(hostname)) return []
  const labels = hostname.split('.')
  return labels.slice(0, -1).map((_label, at) => labels.slice(at).join('.'))
}
