/** The operator's settings for accounts and sessions. Durations are in milliseconds. */
export interface AuthSettings {
  readonly accessTokenTtl: number
  readonly refreshTokenTtl: number
  /** Counted from login: no rotation extends it. */
  readonly sessionMaxAge: number
  readonly refreshReuseLeeway: number
  readonly verificationTokenTtl: number
  readonly resetTokenTtl: number
  readonly loginCodeTtl: number
  readonly sessionPolicy: 'single' | 'multiple'
  /** Base URL of the pages that mailed links open, without a trailing slash. */
  readonly webUrl: string
  /** Base URL of this server, without a trailing slash. */
  readonly apiUrl: string
  /** The addresses of the operator's apps to which a login with Google or GitHub may lead. */
  readonly appRedirectUris: readonly string[]
  readonly cookie: {
    readonly sameSite: 'lax' | 'strict' | 'none'
    readonly secure: boolean
    readonly domain: string | undefined
  }
}
