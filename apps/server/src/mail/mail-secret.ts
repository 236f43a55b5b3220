/** The part of an email that only its recipient may know. */
export interface MailSecret {
  /** The signed link, or the code. */
  readonly text: string
  /** How long it works from now on, in milliseconds. */
  readonly lifetime: number
}
