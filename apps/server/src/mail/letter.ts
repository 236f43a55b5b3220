export interface Link {
  readonly label: string
  readonly url: string
}

/** A fact with its name, such as the device that a request came from. */
export interface Detail {
  readonly name: string
  readonly value: string
}

/** The content of an email, before rendering. All fields are plain text: HTML in them is escaped. */
export interface Letter {
  readonly subject: string
  /** The heading, if it differs from the subject. */
  readonly title?: string
  readonly greeting: string
  readonly paragraphs: readonly string[]
  /** Shown as a list below the first paragraph. */
  readonly details?: readonly Detail[]
  /** A code for the reader to type in elsewhere, shown below the paragraphs. */
  readonly code?: string
  /** The main action, shown as a button. */
  readonly action?: Link
  /** A secondary link. */
  readonly more?: Link
  /** Small print at the end. */
  readonly note?: string
}
