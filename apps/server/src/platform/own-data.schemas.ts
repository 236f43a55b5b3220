import { z } from 'zod'
import { revision } from './values.schemas.ts'

// The fields that the configuration of this server adds to users and accounts. The client's types replace these by
// what a program has registered.

/** Fields of a user that the user may read. */
export interface UserPublicData {
  [field: string]: unknown
}
/** Fields of an account that its members may read. */
export interface AccountPublicData {
  [field: string]: unknown
}
/** Fields of a user that only operators and service keys may read. */
export interface UserPrivateData {
  [field: string]: unknown
}
/** Fields of an account that only operators and service keys may read. */
export interface AccountPrivateData {
  [field: string]: unknown
}

// Changes of them: null takes a field away, and the others stay.
export interface UserPublicChange {
  [field: string]: unknown
}
export interface UserPrivateChange {
  [field: string]: unknown
}
export interface AccountPublicChange {
  [field: string]: unknown
}
export interface AccountPrivateChange {
  [field: string]: unknown
}

const fields = z.record(z.string(), z.unknown())
const open = fields.describe('Fields of the product, as the configuration defines them.')
const hidden = fields.describe('Fields that only operators and service keys may read.')
export const UserPublicData: z.ZodType<UserPublicData, UserPublicData> = open
export const AccountPublicData: z.ZodType<AccountPublicData, AccountPublicData> = open
export const UserPrivateData: z.ZodType<UserPrivateData, UserPrivateData> = hidden
export const AccountPrivateData: z.ZodType<AccountPrivateData, AccountPrivateData> = hidden

const change = fields.describe('The fields to change. Null takes a field away; the others stay as they are.')
export const UserPublicChange: z.ZodType<UserPublicChange, UserPublicChange> = change
export const UserPrivateChange: z.ZodType<UserPrivateChange, UserPrivateChange> = change
export const AccountPublicChange: z.ZodType<AccountPublicChange, AccountPublicChange> = change
export const AccountPrivateChange: z.ZodType<AccountPrivateChange, AccountPrivateChange> = change

/** Stands for the present state of all fields of a row. */
export const dataRevision = z.string().describe('Stands for the present state. A change takes it.')

/** All fields of a user. */
export const UserOwnData = z
  .object({ publicData: UserPublicData, privateData: UserPrivateData, revision: dataRevision })
  .meta({ id: 'UserOwnData', description: 'All fields that the configuration adds to a user.' })
/** All fields of an account. */
export const AccountOwnData = z
  .object({ publicData: AccountPublicData, privateData: AccountPrivateData, revision: dataRevision })
  .meta({ id: 'AccountOwnData', description: 'All fields that the configuration adds to an account.' })

const id = z.uuid('must be an id').toLowerCase()
export const ChangeUserDataInput = z.object({
  id,
  publicData: UserPublicChange.optional(),
  privateData: UserPrivateChange.optional(),
  revision: revision.optional(),
})
export const ChangeAccountDataInput = z.object({
  id,
  publicData: AccountPublicChange.optional(),
  privateData: AccountPrivateChange.optional(),
  revision: revision.optional(),
})
