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

const ADDRESS = /^[\da-f:.[\]]{2,60}$/i

/** Maximum number of addresses that are sent. A call passes through fewer proxies than that. */
const MAX_ADDRESSES = 20

/** @returns the addresses at the end, which proxies have written. A visitor can write anything in front of them. */
function lastAddresses(text: string): string {
  const entries = text.split(',').map((entry) => entry.trim())
  const lastOther = entries.findLastIndex((entry) => !ADDRESS.test(entry))
  return entries
    .slice(lastOther + 1)
    .slice(-MAX_ADDRESSES)
    .join(', ')
}

/** A fetch that says for whom it calls. It leaves out what can't be a header. */
export function onBehalfOf(visitor: Visitor | undefined, fetchIt: typeof fetch): typeof fetch {
  const forwardedFor = lastAddresses(visitor?.forwardedFor ?? '')
  const userAgent =
    visitor?.userAgent
      ?.replaceAll(/[^ -~]/g, '')
      .trim()
      .slice(0, 400) ?? ''
  if (forwardedFor === '' && userAgent === '') return fetchIt
  return (input, init) => {
    const headers = new Headers(init?.headers)
    if (forwardedFor !== '') headers.set('x-forwarded-for', forwardedFor)
    if (userAgent !== '') headers.set('user-agent', userAgent)
    return fetchIt(input, { ...init, headers })
  }
}
