/** A cookie of a request. */
export interface Cookie {
  readonly name: string
  readonly value: string
}

/** How the visitor's browser must keep a cookie. */
export interface SetCookieOptions {
  path: string
  httpOnly: boolean
  secure: boolean
  sameSite: 'lax' | 'strict' | 'none'
  /** In seconds. 0 removes the cookie. */
  maxAge: number
  domain?: string
}

/** A cookie for a response. */
export interface SetCookie extends Cookie {
  readonly options: SetCookieOptions
}

/** The cookies of a request and its response, as HTTP has them. */
export interface CookieHeaders {
  /** The request's `Cookie` header. The client takes only its own cookies from it. */
  readonly header: string | null | undefined
  /**
   * Called with every `Set-Cookie` header for the visitor's browser. The old refresh cookie soon stops working, so it
   * must get there. Leave this out where the response can have no more cookies: the client then never refreshes.
   */
  set?(setCookie: string): void
  readonly getAll?: undefined
}

/** The cookies of a request and its response, as Next.js, SvelteKit and others have them. */
export interface CookieStore {
  getAll(): readonly Cookie[]
  /** As in `CookieHeaders`. If it throws, as in a page of Next.js, the client never refreshes. */
  set?(name: string, value: string, options: SetCookieOptions): unknown
  readonly header?: undefined
}

export type ServerCookies = CookieHeaders | CookieStore

/** The cookies of the request that is answered. */
export const receivedCookies = (cookies: ServerCookies): readonly Cookie[] =>
  cookies.getAll ? cookies.getAll() : parsed(cookies.header)

function parsed(header: string | null | undefined): Cookie[] {
  return (header ?? '').split(/;\s*/).flatMap((pair) => {
    const at = pair.indexOf('=')
    return at < 1 ? [] : [{ name: pair.slice(0, at).trim(), value: pair.slice(at + 1) }]
  })
}

/** @returns sets one cookie; undefined if the response can have no cookies. */
export function cookieSetter(cookies: ServerCookies): ((cookie: SetCookie) => void) | undefined {
  if (!cookies.set) return undefined
  if (cookies.getAll) return ({ name, value, options }) => void cookies.set?.(name, value, options)
  return (cookie) => cookies.set?.(written(cookie))
}

/**
 * Passes the `Set-Cookie` headers of one answer on.
 *
 * A store has one cookie of each name. So of several headers, it gets the last that sets one. If all clear one, it gets
 * the one for the scope that the browser has: with the prefix `__Secure-` that is a domain, otherwise this host.
 */
export function passOn(cookies: ServerCookies, lines: readonly string[]): void {
  if (!cookies.getAll) {
    for (const line of lines) cookies.set?.(line)
    return
  }
  const hasDomain = cookies.getAll().some(({ name }) => name.startsWith('__Secure-refresh_token'))
  const read = lines.map(parsedLine)
  for (const name of new Set(read.map((cookie) => cookie.name))) {
    const group = read.filter((cookie) => cookie.name === name)
    const cleared = group.find(({ options }) => (options.domain !== undefined) === hasDomain) ?? group[0]
    const chosen = group.findLast(({ value }) => value !== '') ?? cleared
    if (chosen) cookies.set?.(chosen.name, chosen.value, chosen.options)
  }
}

export const isSecure = (line: string): boolean => parsedLine(line).options.secure

function parsedLine(line: string): SetCookie {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
  const at = pair.indexOf('=')
  const found = new Map(
    attributes.map((attribute) => {
      const [name = '', value = ''] = attribute.split('=')
      return [name.toLowerCase(), value]
    }),
  )
  const sameSite = found.get('samesite')?.toLowerCase()
  const domain = found.get('domain')
  return {
    name: pair.slice(0, at),
    value: pair.slice(at + 1),
    options: {
      path: found.get('path') ?? '/',
      httpOnly: found.has('httponly'),
      secure: found.has('secure'),
      sameSite: sameSite === 'strict' || sameSite === 'none' ? sameSite : 'lax',
      maxAge: Number(found.get('max-age') ?? 0),
      ...(domain ? { domain } : {}),
    },
  }
}

function written({ name, value, options }: SetCookie): string {
  const sameSite = { lax: 'Lax', strict: 'Strict', none: 'None' }[options.sameSite]
  return [
    ...[`${name}=${value}`, `Max-Age=${options.maxAge}`, `Path=${options.path}`],
    ...(options.domain ? [`Domain=${options.domain}`] : []),
    ...(options.httpOnly ? ['HttpOnly'] : []),
    ...(options.secure ? ['Secure'] : []),
    `SameSite=${sameSite}`,
  ].join('; ')
}
