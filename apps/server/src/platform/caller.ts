/** Who is calling: the account and the session that an access token stands for, as they are at this moment. */
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
    readonly createdAt: Date
  }
}
