import type { Brand } from '../platform/brand/brand.ts'
import type { OwnMails } from './own-mails.ts'
import type { MailTexts } from './texts/en.ts'

/** What all emails have in common: where their unsigned links lead, the brand, and the words. */
export interface MailSite {
  /** Without a trailing slash. */
  readonly webUrl: string
  readonly brand: Brand
  readonly texts: MailTexts
  /** The words of the product in the place of ours. */
  readonly ownMails?: OwnMails
}
