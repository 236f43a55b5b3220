import type { Register } from './plans.ts'

/** Fields that the server's configuration adds. Any, until a program registers its configuration. */
interface AnyFields {
  [field: string]: unknown
}

/** The configuration that a program has registered. */
type Config = Register extends { config: infer Registered } ? Registered : Unregistered
interface Unregistered {
  readonly isUnregistered: true
}

/** A part of a definition may be missing, so its type may be undefined as well. */
type PartOf<Whole, Name extends string> = Whole extends { readonly [Key in Name]?: infer Part }
  ? Exclude<Part, undefined>
  : never
/** What a zod object gives. Each field may be missing: the user may be older than the field. */
type OutputOf<Schema> = Schema extends { readonly _zod: { readonly output: infer Output } }
  ? Partial<Output>
  : AnyFields
type DataOf<Owner extends string, Kind extends string> = Config extends Unregistered
  ? AnyFields
  : OutputOf<PartOf<PartOf<Config, Owner>, Kind>>

/** Fields of a user that the user may read. */
export type UserPublicData = DataOf<'users', 'publicData'>
/** Fields of a user that only operators and service keys may read. */
export type UserPrivateData = DataOf<'users', 'privateData'>
/** Fields of an account that its members may read. */
export type AccountPublicData = DataOf<'accounts', 'publicData'>
/** Fields of an account that only operators and service keys may read. */
export type AccountPrivateData = DataOf<'accounts', 'privateData'>

/** Changes of fields: null takes one away, and the others stay. */
type ChangeOf<Data> = { readonly [Field in keyof Data]?: Data[Field] | null }
export type UserPublicChange = ChangeOf<UserPublicData>
export type UserPrivateChange = ChangeOf<UserPrivateData>
export type AccountPublicChange = ChangeOf<AccountPublicData>
export type AccountPrivateChange = ChangeOf<AccountPrivateData>

/** The configuration's own procedures, as `app`. */
export type OwnProcedures = Config extends { readonly procedures?: (kit: never) => infer Procedures }
  ? { app: Procedures }
  : Record<never, never>

/** Reasons, with those that the configuration adds. */
export type WithOwnReasons<Known extends string> = Config extends {
  readonly reasons?: { readonly [Each in infer Reason extends string]: unknown }
}
  ? Known | Reason
  : Known
