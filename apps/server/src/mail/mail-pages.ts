/** Where the mails' links lead, besides those that are signed for one reader. */
export interface MailPages {
  /** Without a trailing slash. */
  readonly webUrl: string
  /** What the mails call the place that they come from. */
  readonly siteName: string
}
