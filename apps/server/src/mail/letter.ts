export interface Link {
  readonly label: string
  readonly url: string
}

/** The content of an email, before rendering. All fields are plain text: HTML in them is escaped. */
export interface Letter {
  readonly subject: string
  readonly greeting: string
  readonly paragraphs: readonly string[]
  /** A code for the reader to type in elsewhere, shown below the paragraphs. */
  readonly code?: string
  /** The main action, shown as a button. */
  readonly action?: Link
  /** A secondary link. */
  readonly more?: Link
  /** Small print at the end. */
  readonly note?: string
}
