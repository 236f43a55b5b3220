import { connect, type ConnectionOptions, type TollgateClient } from './connect.ts'
import { withCookieJar } from './cookie-keeper.ts'
import { alone } from './tabs.ts'

export interface TollgateServerClientOptions extends ConnectionOptions {
  /** The cookies of the request that the server answers. */
  cookies: {
    /** The request's `Cookie` header. The client takes only the refresh cookies from it. */
    readonly header: string | null | undefined
    /**
     * Called with every `Set-Cookie` header of the backend. Pass it on to the visitor's browser: the old refresh cookie
     * soon stops working.
     */
    set(setCookie: string): void
  }
}

/**
 * Creates a typed client for one request on a server, with the session of this request's visitor. Create one for each
 * request and keep it nowhere else.
 */
export function createTollgateServerClient(options: TollgateServerClientOptions): TollgateClient {
  const fetchIt = options.fetch ?? ((input, init) => fetch(input, init))
  const { header, set } = options.cookies
  const cookies = { header, set: (setCookie: string) => set(setCookie) }
  return connect({ options, url: options.url.replace(/\/+$/, ''), fetch: withCookieJar(fetchIt, cookies), tabs: alone })
}
