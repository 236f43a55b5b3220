/** What the operator decides about accounts and sessions. Durations are milliseconds. */
export interface AuthSettings {
  readonly accessTokenTtl: number
  readonly refreshTokenTtl: number
  /** From log-in, whatever the rotations. */
  readonly sessionMaxAge: number
  readonly refreshReuseLeeway: number
  readonly verificationTokenTtl: number
  readonly resetTokenTtl: number
  readonly loginCodeTtl: number
  readonly sessionPolicy: 'single' | 'multiple'
  /** Where the pages live that mailed links open. */
  readonly webUrl: string
  /** Where this server is reached. */
  readonly apiUrl: string
  readonly cookie: {
    readonly sameSite: 'lax' | 'strict' | 'none'
    readonly secure: boolean
    readonly domain: string | undefined
  }
}
