/** The words that a product puts in the place of ours in one email. Its links, codes and facts stay ours. */
export interface OwnWords {
  readonly heads: Readonly<Partial<Record<Head, string>>>
  /** Missing if our paragraphs stay. */
  readonly paragraphs?: readonly string[]
}
/** By the names of the templates. */
export type OwnMails = ReadonlyMap<string, OwnWords>

export const HEADS = ['subject', 'title', 'greeting', 'action', 'note'] as const
type Head = (typeof HEADS)[number]
