/** What only the reader of a mail may know. */
export interface MailSecret {
  /** The signed link, or the code. */
  readonly text: string
  /** For how long it works from now on, in milliseconds. */
  readonly lifetime: number
}
