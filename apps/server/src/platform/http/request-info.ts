/** What is known about a request besides its input. */
export interface RequestInfo {
  readonly id: string
  readonly ip: string
  readonly userAgent: string
  readonly authorization: string | undefined
  /** The id of the user whose session this call is about, if the caller says so. */
  readonly expectedUser: string | undefined
  /** How the caller wants to exchange its refresh token, as it says it. */
  readonly transport: string | undefined
  /** Whether a browser sent this. Scripts can't remove these headers. */
  readonly isFromBrowser: boolean
  /** False when a browser names an origin that is not on the list. */
  readonly originAllowed: boolean
}
