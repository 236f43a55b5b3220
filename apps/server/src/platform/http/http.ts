import { parseCookie, stringifySetCookie } from 'cookie'
import type { Request, Response } from 'express'
import { clientAddress } from './client-address.ts'
import type { Cookies } from './cookies.ts'
import type { RequestInfo } from './request-info.ts'

/** Maximum size of a request body in bytes. Webhooks have their own. */
export const LARGEST_BODY = 100_000

/** Names the user whose session a call is about, so that it never acts for another one. */
const EXPECTED_USER = 'x-tollgate-user'

/** How the caller exchanges its refresh token: `cookie` (the default) or `body`. */
const TRANSPORT = 'x-tollgate-transport'

/** The origins whose pages may use the refresh cookie. */
export interface OriginPolicy {
  readonly listed: readonly (string | RegExp)[]
  readonly own: string
}

export function requestInfoOf(req: Request, res: Response, origins: OriginPolicy): RequestInfo {
  const { origin, authorization } = req.headers
  return {
    id: requestIdOf(res),
    ip: clientAddress(req.ip),
    userAgent: (req.headers['user-agent'] ?? '').slice(0, 400),
    authorization,
    expectedUser: req.get(EXPECTED_USER),
    transport: req.get(TRANSPORT),
    // Not Sec-Fetch-Mode: fetch in Node sends it, too.
    isFromBrowser: origin !== undefined || req.headers['sec-fetch-site'] !== undefined,
    originAllowed: origin === undefined || isAllowed(origin, origins),
  }
}

function isAllowed(origin: string, { listed, own }: OriginPolicy): boolean {
  if (origin === own) return true
  return listed.some((allowed) => (typeof allowed === 'string' ? allowed === origin : allowed.test(origin)))
}

/** The id that the request got on arrival. The response and every log line of the request have it. */
export function requestIdOf(res: Response): string {
  const id: unknown = res.locals['requestId']
  return typeof id === 'string' ? id : ''
}

/** Cookies of an Express request and its response. */
export function cookiesOf(req: Request, res: Response): Cookies {
  return {
    get received() {
      // Parse each cookie alone: of several with the same name, the parser keeps only the first.
      const pairs = (req.headers.cookie ?? '').split(';').flatMap((pair) => Object.entries(parseCookie(pair)))
      return pairs.flatMap(([name, value]) => (value === undefined ? [] : { name, value }))
    },
    set(name, value, { maxAgeSeconds, ...options }) {
      const header = stringifySetCookie({ name, value, httpOnly: true, path: '/', maxAge: maxAgeSeconds, ...options })
      res.append('Set-Cookie', header)
    },
  }
}
