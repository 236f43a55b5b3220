/** What emails say about the site: where their unsigned links lead, and its name. */
export interface MailPages {
  /** Without a trailing slash. */
  readonly webUrl: string
  /** The name that emails use for the site. */
  readonly siteName: string
}
