import { parseCookie, stringifySetCookie } from 'cookie'
import type { Request, Response } from 'express'

/** What is known of a request besides its input. */
export interface RequestInfo {
  readonly id: string
  readonly ip: string
  readonly userAgent: string
  readonly authorization: string | undefined
  /** False when a browser names an origin that is not on the list. */
  readonly originAllowed: boolean
}

/** Which origins' pages may call with the refresh cookie. */
export interface OriginPolicy {
  readonly listed: readonly string[]
  readonly own: string
}

export function requestInfoOf(req: Request, res: Response, origins: OriginPolicy): RequestInfo {
  const { origin, authorization } = req.headers
  return {
    id: requestIdOf(res),
    ip: req.ip ?? '',
    userAgent: (req.headers['user-agent'] ?? '').slice(0, 400),
    authorization,
    originAllowed: origin === undefined || origin === origins.own || origins.listed.includes(origin),
  }
}

/** The id that the request got on arrival; every response carries it and every log line names it. */
export function requestIdOf(res: Response): string {
  const id: unknown = res.locals['requestId']
  return typeof id === 'string' ? id : ''
}

export interface CookieOptions {
  readonly maxAgeSeconds: number
  readonly sameSite: 'lax' | 'strict' | 'none'
  readonly secure: boolean
  readonly domain: string | undefined
}

/** Reads the request's cookies and sets the response's. All that are set are HttpOnly and valid for every path. */
export interface Cookies {
  get(name: string): string | undefined
  set(name: string, value: string, options: CookieOptions): void
}

/** Cookies over an Express request and its response. */
export function cookiesOf(req: Request, res: Response): Cookies {
  return {
    get: (name) => parseCookie(req.headers.cookie ?? '')[name],
    set(name, value, { maxAgeSeconds, ...options }) {
      const header = stringifySetCookie({ name, value, httpOnly: true, path: '/', maxAge: maxAgeSeconds, ...options })
      res.append('Set-Cookie', header)
    },
  }
}
