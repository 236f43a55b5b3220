import type { ServiceScope } from './service-scopes.schemas.ts'

/** Who is calling: the account and the session of an access token, as they are now. */
export interface Caller {
  readonly sessionId: string
  readonly user: {
    readonly id: string
    readonly email: string
    readonly username: string
    readonly isVerified: boolean
    readonly isActive: boolean
    readonly isAdmin: boolean
    readonly provider: 'local' | 'google' | 'github'
    readonly publicData: Readonly<Record<string, unknown>>
    readonly createdAt: Date
  }
}

/** Another program that is calling: the service key that it has shown. */
export interface ServiceCaller {
  readonly keyId: string
  readonly name: string
  readonly scopes: readonly ServiceScope[]
}
