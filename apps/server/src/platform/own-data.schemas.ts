import { z } from 'zod'

// The fields that the configuration of this server adds to users and accounts. The client's types replace these four by
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

const fields = z.record(z.string(), z.unknown())
const open = fields.describe('Fields of the product, as the configuration defines them.')
const hidden = fields.describe('Fields that only operators and service keys may read.')
export const UserPublicData: z.ZodType<UserPublicData, UserPublicData> = open
export const AccountPublicData: z.ZodType<AccountPublicData, AccountPublicData> = open
export const UserPrivateData: z.ZodType<UserPrivateData, UserPrivateData> = hidden
export const AccountPrivateData: z.ZodType<AccountPrivateData, AccountPrivateData> = hidden
