import type { Cookie } from './server-cookies.ts'

/** The refresh cookie has a prefix in production, and this name as well. */
const COOKIE = /^((?:__Host-|__Secure-)?refresh_token)=([^;]*)/
const NAME = /^(?:__Host-|__Secure-)?refresh_token$/
/** What a cookie may contain (RFC 6265). A store has decoded it, so it may also be a line break or a second cookie. */
const VALUE = /^[!#-+\--:<-[\]-~]+$/

/** A fetch that leaves cookies to the browser. */
export function withBrowserCookies(fetchIt: typeof fetch): typeof fetch {
  return (input, init) => fetchIt(input, { ...init, credentials: 'include' })
}

/** Where a cookie jar starts, and whom it informs. */
export interface CookieSource {
  /** A request's cookies. The jar takes only the refresh cookies from them. */
  readonly received?: readonly Cookie[]
  /** Called with the `Set-Cookie` headers of an answer that set or clear a refresh cookie. */
  take?(lines: readonly string[]): void
}

export interface CookieJar {
  readonly fetch: typeof fetch
  /** Whether it has a refresh cookie. */
  hasCookie(): boolean
}

/** Keeps the refresh cookies itself, in memory. */
export function createCookieJar(fetchIt: typeof fetch, { received = [], take }: CookieSource = {}): CookieJar {
  let jar = received.filter(({ name, value }) => NAME.test(name) && VALUE.test(value))

  return {
    hasCookie: () => jar.length > 0,
    async fetch(input, init) {
      const headers = new Headers(init?.headers)
      if (jar.length > 0) headers.set('cookie', jar.map(({ name, value }) => `${name}=${value}`).join('; '))
      const response = await fetchIt(input, { ...init, headers })
      const lines = setCookieHeaders(response.headers).filter((line) => COOKIE.test(line))
      for (const line of lines) {
        const [, name = '', value = ''] = COOKIE.exec(line) ?? []
        jar = jar.filter((known) => known.name !== name)
        if (value !== '') jar.push({ name, value })
      }
      if (lines.length > 0) take?.(lines)
      return response
    },
  }
}

/** Older runtimes, such as React Native, have no `getSetCookie` and join the headers with commas. */
function setCookieHeaders(headers: Headers): string[] {
  const lines = (headers as Partial<Headers>).getSetCookie?.()
  const joined = headers.get('set-cookie')
  return lines ?? (joined === null ? [] : joined.split(/,\s*(?=[^\s;,=]+=)/))
}
