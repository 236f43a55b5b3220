/** The refresh cookie has a prefix in production, and this name as well. */
const COOKIE = /^((?:__Host-|__Secure-)?refresh_token)=([^;]*)/

/** A fetch that leaves cookies to the browser. */
export function withBrowserCookies(fetchIt: typeof fetch): typeof fetch {
  return (input, init) => fetchIt(input, { ...init, credentials: 'include' })
}

/** Where a cookie jar starts, and whom it informs. */
export interface CookieSource {
  /** A request's `Cookie` header. The jar takes only the refresh cookies from it. */
  readonly header?: string | null | undefined
  /** Called with every `Set-Cookie` header that sets or clears a refresh cookie. */
  set?(setCookie: string): void
}

/** A fetch that keeps the refresh cookies itself, in memory. */
export function withCookieJar(fetchIt: typeof fetch, { header, set }: CookieSource = {}): typeof fetch {
  let jar = cookiesIn((header ?? '').split(/;\s*/))

  return async (input, init) => {
    const headers = new Headers(init?.headers)
    if (jar.length > 0) headers.set('cookie', jar.map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetchIt(input, { ...init, headers })
    for (const line of setCookieHeaders(response.headers)) {
      for (const [name, value] of cookiesIn([line])) {
        jar = jar.filter(([known]) => known !== name)
        if (value !== '') jar.push([name, value])
        set?.(line)
      }
    }
    return response
  }
}

function cookiesIn(lines: readonly string[]): [name: string, value: string][] {
  return lines.flatMap((line): [string, string][] => {
    const [, name, value] = COOKIE.exec(line.trim()) ?? []
    return name === undefined || value === undefined ? [] : [[name, value]]
  })
}

/** Older runtimes, such as React Native, have no `getSetCookie` and join the headers with commas. */
function setCookieHeaders(headers: Headers): string[] {
  const lines = (headers as Partial<Headers>).getSetCookie?.()
  const joined = headers.get('set-cookie')
  return lines ?? (joined === null ? [] : joined.split(/,\s*(?=[^\s;,=]+=)/))
}
