const NAME = 'refresh_token'

/** A fetch that sends cookies. Browsers have a cookie jar; elsewhere, as in Node, this keeps the refresh cookie. */
export function withCookies(fetchIt: typeof fetch): typeof fetch {
  if ('document' in globalThis) return (input, init) => fetchIt(input, { ...init, credentials: 'include' })

  let cookie: string | undefined
  return async (input, init) => {
    const headers = new Headers(init?.headers)
    if (cookie) headers.set('cookie', `${NAME}=${cookie}`)
    const response = await fetchIt(input, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const value = new RegExp(`^${NAME}=([^;]*)`).exec(line)?.[1]
      if (value !== undefined) cookie = value || undefined
    }
    return response
  }
}
