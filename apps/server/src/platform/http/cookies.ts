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
