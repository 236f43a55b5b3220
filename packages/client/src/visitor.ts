/** What a server knows of the visitor whose request it answers. */
export interface Visitor {
  /**
   * The visitor's IP address, or the `X-Forwarded-For` that your own proxy has written. The backend believes it only from
   * addresses in its `TRUST_PROXY`. Never pass a header that the visitor may have written alone.
   */
  readonly forwardedFor?: string | null | undefined
  /** The visitor's `User-Agent`, for the list of their sessions. */
  readonly userAgent?: string | null | undefined
}

const ADDRESSES = /^[\da-f:.,[\]\s]{2,500}$/i

/** A fetch that says for whom it calls. It leaves out what can't be a header. */
export function onBehalfOf(visitor: Visitor | undefined, fetchIt: typeof fetch): typeof fetch {
  const forwardedFor = visitor?.forwardedFor?.trim() ?? ''
  const userAgent =
    visitor?.userAgent
      ?.replaceAll(/[^ -~]/g, '')
      .trim()
      .slice(0, 400) ?? ''
  const isAddress = ADDRESSES.test(forwardedFor)
  if (!isAddress && userAgent === '') return fetchIt
  return (input, init) => {
    const headers = new Headers(init?.headers)
    if (isAddress) headers.set('x-forwarded-for', forwardedFor)
    if (userAgent !== '') headers.set('user-agent', userAgent)
    return fetchIt(input, { ...init, headers })
  }
}
