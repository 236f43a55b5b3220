import type { FeatureName, TierName } from '@tollgate/client'
import type { TRPCProcedureBuilder, TRPCUnsetMarker } from '@trpc/server'
import type { SqlConnection, Transaction } from './database.ts'

/** Who is calling. */
export interface CallingUser<PublicData = object> {
  readonly id: string
  readonly email: string
  readonly username: string
  readonly isVerified: boolean
  readonly isAdmin: boolean
  readonly publicData: PublicData
  readonly createdAt: Date
}

/** The account that a call names, or else the caller's personal account. */
export interface AccountOfCall {
  readonly id: string
  readonly kind: 'personal' | 'organization'
  /** The caller's own role. */
  readonly role: 'owner' | 'admin' | 'billing' | 'member'
}

/** What a procedure may touch. Tokens and cookies stay with the server. */
export interface CallContext<JobName extends string = string> extends SqlConnection {
  readonly requestId: string
  readonly now: Date
  log(level: 'info' | 'warn' | 'error', fields: object, message: string): void
  /** Runs the work in one transaction. If it throws, all of it is undone. */
  transaction<T>(work: (tx: Transaction<JobName>) => Promise<T>): Promise<T>
}

/** What a role may do in an account. */
export type Right = 'see' | 'bill' | 'manage' | 'own'

type Unset = TRPCUnsetMarker
/** A tRPC procedure that has a guard, and waits for its input and what it does. It takes no `.meta(…)`. */
export type Procedure<Context extends object, Extra extends object, In = Unset, Out = Unset> = TRPCProcedureBuilder<
  Context,
  never,
  Extra,
  In,
  Out,
  Unset,
  Unset,
  false
>

interface ForUser<PublicData> {
  user: CallingUser<PublicData>
}
interface ForAccount<PublicData> extends ForUser<PublicData> {
  account: AccountOfCall
}
/** The input of a procedure about an account has `accountId` beside its own fields. */
type AccountProcedure<Context extends object, PublicData> = Procedure<
  Context,
  ForAccount<PublicData>,
  { accountId?: string | undefined } | undefined,
  { accountId?: string | undefined }
>

/** What your procedures are made of: one builder for each kind of caller. */
export interface Kit<PublicData = object, Reason extends string = string, JobName extends string = string> {
  /** Anyone, with a limit per network. */
  readonly public: Procedure<CallContext<JobName>, object>
  /** A user with a live session. */
  readonly user: Procedure<CallContext<JobName>, ForUser<PublicData>>
  /** A user with a verified address. */
  readonly verified: Procedure<CallContext<JobName>, ForUser<PublicData>>
  /** An administrator. */
  readonly admin: Procedure<CallContext<JobName>, ForUser<PublicData>>
  /** A member of the account, whose role has this right; by default `see`. */
  member(right?: Right): AccountProcedure<CallContext<JobName>, PublicData>
  /** A member of an account whose plan has at least this tier. */
  tier(tier: TierName, right?: Right): AccountProcedure<CallContext<JobName>, PublicData>
  /** A member of an account that may use at least one more of this feature. It counts nothing. */
  feature(name: FeatureName, right?: Right): AccountProcedure<CallContext<JobName>, PublicData>
  /** Makes an error with one of your reasons: `throw kit.error('TODO_NOT_FOUND')`. */
  error(reason: Reason): Error
  /** Makes an `INVALID_INPUT`, with a sentence for each bad field. */
  invalid(fieldErrors: Record<string, string>): Error
}
