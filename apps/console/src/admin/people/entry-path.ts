import type { Entry } from './describe-entry.ts'

/** The pages of what an entry can be about. Sessions and jobs have none. */
const PAGES: Readonly<Record<string, string>> = {
  user: '/admin/people',
  account: '/admin/accounts',
  subscription: '/admin/subscriptions',
  payment: '/admin/payments',
  plan: '/admin/plans',
  webhook_event: '/admin/events',
  mail: '/admin/mails',
}

/** Where an entry leads. @returns null without a page, or if it is the page that shows the timeline. */
export function entryPath({ target: { type, id } }: Entry, subjectId: string): string | null {
  const page = PAGES[type]
  return page === undefined || id === subjectId ? null : `${page}/${id}`
}
