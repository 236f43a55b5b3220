import type { Tokens } from '../auth/index.ts'
import type { AuditActor } from '../platform/audit/audit.ts'
import type { RateLimits } from '../platform/limits/rate-limits.ts'
import type { OwnFields } from '../platform/own-data.ts'
import type { Scope } from '../platform/scope.ts'

/** The seats of an account's plan. */
export interface Seats {
  /** Members that the plan's price covers. */
  readonly included: number
  /** Maximum members; null if there is no maximum. */
  readonly max: number | null
}

/** What one more member costs, in the currency's smallest unit. */
export interface SeatPrice {
  readonly dueNowCents: number
  readonly nextPaymentCents: number
  readonly currency: string
}

/** What an account's plan says about members. Accounts do not know billing, so the slice above implements it. */
export interface SeatSource {
  /**
   * Reads the seats. It may run in a transaction that holds the account's lock, so it calls nothing outside.
   *
   * @returns null if the plan does not count members.
   */
  readSeats(scope: Scope, accountId: string): Promise<Seats | null>
  /**
   * Finds out what the account pays for one more member. It runs outside of any transaction.
   *
   * @returns null if a member costs nothing of their own.
   */
  priceOfOneMore(scope: Scope, accountId: string): Promise<SeatPrice | null>
}

/** What accounts need for the lifetime of the process. */
export interface AccountsDeps {
  readonly tokens: Pick<Tokens, 'signInvitation' | 'verifyInvitation'>
  readonly limits: Pick<RateLimits, 'allowsMail' | 'countInvitation'>
  readonly seats: SeatSource
  /** The fields that this server's configuration adds to accounts. */
  readonly ownFields: OwnFields
  readonly settings: {
    /** Base URL of the pages that mailed links open, without a trailing slash. */
    readonly webUrl: string
  }
}

/** What the use cases of accounts may use. */
export interface AccountsScope extends Scope {
  readonly accounts: AccountsDeps
}

/** The user who makes a change, and where the request came from. */
export type Actor = AuditActor & {
  readonly actorId: string
  /** Whether they act as an administrator of the installation. Then they need not be a member, and may do what owners may. */
  readonly isOperator?: true
}
