export interface Link {
  readonly label: string
  readonly url: string
}

/** What a mail says, before it has a look. Plain words throughout: HTML in them is shown, not obeyed. */
export interface Letter {
  readonly subject: string
  readonly greeting: string
  readonly paragraphs: readonly string[]
  /** To be typed in elsewhere; stands below the paragraphs. */
  readonly code?: string
  /** The one thing to do: the button. */
  readonly action?: Link
  /** Something else to see. */
  readonly more?: Link
  /** Small print. */
  readonly note?: string
}
