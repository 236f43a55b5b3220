import type { Link } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'

/** The page with an account's members. */
export const membersPage = ({ webUrl, texts }: MailSite, accountId: string): Link => ({
  label: texts.pages.members,
  url: `${webUrl}/members?account=${accountId}`,
})
