/** Fields that the server's configuration adds. Any, until a program registers its configuration. */
interface AnyFields {
  [field: string]: unknown
}

/** Fields of a user that the user may read. */
export type UserPublicData = AnyFields
/** Fields of an account that its members may read. */
export type AccountPublicData = AnyFields
