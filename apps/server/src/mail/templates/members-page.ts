import type { Link } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'

/** The page with an account's members. */
export const membersPage = ({ webUrl }: MailPages, accountId: string): Link => ({
  label: 'View the members',
  url: `${webUrl}/members?account=${accountId}`,
})
