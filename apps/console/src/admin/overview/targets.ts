import type { RouterOutputs } from '@tollgate/client'

type Target = RouterOutputs['admin']['attention']['items'][number]['target']

const pathWith = (path: string, filters: Readonly<Record<string, string | true | undefined>>): string => {
  const set = Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return set.length === 0 ? path : `${path}?${new URLSearchParams(set)}`
}

const PAGES: Readonly<Record<Target['list'], string>> = {
  webhookEvents: '/admin/events',
  jobs: '/admin/jobs',
  queues: '/admin/jobs',
  mails: '/admin/mails',
  disputes: '/admin/disputes',
  findings: '/admin/findings',
  subscriptions: '/admin/subscriptions',
  trials: '/admin/trials',
}

/** The page that shows the rows of something that needs a person. */
export const targetPath = ({ list, filters }: Target): string => pathWith(PAGES[list], filters)

interface Days {
  from: string
  to: string
}

/** The pages that show the rows of the figures. */
export const pathTo = {
  mrrChanges: (filters: Days & { kind?: string; currency?: string }) => pathWith('/admin/mrr', { ...filters }),
  trials: (state: 'running' | 'started' | 'ended' | 'converted', days?: Days) =>
    pathWith('/admin/trials', { state, ...days }),
  payments: (filters: Days & { currency: string; counted: 'revenue' | 'refunds' | 'recovered' }) =>
    pathWith('/admin/payments', { ...filters }),
  mrr: (currency: string) => pathWith('/admin/subscriptions', { countsInMrr: 'yes', currency }),
  pastDue: (currency?: string) => pathWith('/admin/subscriptions', { status: 'past_due', currency }),
  people: ({ from, to }: Days) => pathWith('/admin/people', { createdFrom: from, createdTo: to }),
  events: () => pathWith('/admin/events', { status: 'failed' }),
  jobs: (state: 'failed' | 'queued' | 'retry') => pathWith('/admin/jobs', { state }),
  mails: (state: 'failed' | 'queued') => pathWith('/admin/mails', { state }),
  mailsSent: () => pathWith('/admin/mails', { sentLast24h: 'yes' }),
}
