/** What is known about a request besides its input. */
export interface RequestInfo {
  readonly id: string
  readonly ip: string
  readonly userAgent: string
  readonly authorization: string | undefined
  /** The id of the user whose session this call is about, if the caller says so. */
  readonly expectedUser: string | undefined
  /** False when a browser names an origin that is not on the list. */
  readonly originAllowed: boolean
}
