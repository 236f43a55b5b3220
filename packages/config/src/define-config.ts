import type { KnownReason } from '@tollgate/client'
import type { TRPCCreateRouterOptions } from '@trpc/server'
import type { Fields, NoFields, Stored } from './fields.ts'
import type { Hooks } from './hook.ts'
import type { JobDefinition } from './job.ts'
import type { Kit } from './kit.ts'

type Name<Schema extends Fields> = keyof Schema['shape'] & string

/** The fields that users, or accounts, have beside ours. */
export interface DataDefinition<Public extends Fields, Private extends Fields> {
  /** Fields that the user, or the members of the account, may read. */
  readonly publicData?: Public
  /** Fields that only operators and service keys may read. */
  readonly privateData?: Private
  /** The fields of `publicData` that the user, or who manages the account, may change. */
  readonly writable?: readonly Name<Public>[]
}

interface UserDefinition<Public extends Fields, Private extends Fields> extends DataDefinition<Public, Private> {
  /** The fields of `publicData` that `auth.register` takes. Those that are not optional have to be given there. */
  readonly signUp?: readonly Name<Public>[]
}

/** One of your errors. */
export interface ReasonDefinition {
  readonly code: 'BAD_REQUEST' | 'FORBIDDEN' | 'NOT_FOUND' | 'CONFLICT'
  /** A sentence for people: what happened, then what to do. */
  readonly message: string
}

/** What `tollgate.config.ts` exports. */
export interface TollgateConfig<
  UserPublic extends Fields = Fields,
  UserPrivate extends Fields = Fields,
  AccountPublic extends Fields = Fields,
  AccountPrivate extends Fields = Fields,
  Reason extends string = string,
  JobData extends { [Job in keyof JobData]: object } = Record<string, object>,
  Procedures extends TRPCCreateRouterOptions = TRPCCreateRouterOptions,
> {
  readonly users?: UserDefinition<UserPublic, UserPrivate>
  readonly accounts?: DataDefinition<AccountPublic, AccountPrivate>
  /** Your errors, by their reasons, such as `TODO_NOT_FOUND`. None may have the name of one of Tollgate's. */
  readonly reasons?: { readonly [Each in Reason]: Each extends KnownReason ? never : ReasonDefinition }
  /** Your tables, in the schema `app`: `migrate` runs each once, in this order, in a transaction of its own. */
  readonly migrations?: readonly { readonly name: string; readonly sql: string }[]
  /** Your jobs, by their names. */
  readonly jobs?: { readonly [Job in keyof JobData]: JobDefinition<JobData[Job]> }
  /** Your own rules for what happens in the server, such as who may sign up. */
  readonly hooks?: Hooks<Stored<UserPublic>>
  /** Your procedures. They are called as `app.…`. */
  readonly procedures?: (kit: Kit<Stored<UserPublic>, Reason, keyof JobData & string>) => Procedures
}

/**
 * Types a configuration, `tollgate.config.ts`, whose default export the server loads when it starts. It hands its
 * argument back.
 */
export function defineConfig<
  UserPublic extends Fields = NoFields,
  UserPrivate extends Fields = NoFields,
  AccountPublic extends Fields = NoFields,
  AccountPrivate extends Fields = NoFields,
  Reason extends string = never,
  JobData extends { [Job in keyof JobData]: object } = Record<never, object>,
  Procedures extends TRPCCreateRouterOptions = Record<never, never>,
>(
  config: TollgateConfig<UserPublic, UserPrivate, AccountPublic, AccountPrivate, Reason, JobData, Procedures>,
): TollgateConfig<UserPublic, UserPrivate, AccountPublic, AccountPrivate, Reason, JobData, Procedures> {
  return config
}
