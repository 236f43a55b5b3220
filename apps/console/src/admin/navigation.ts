import { t } from './texts/catalogue.ts'

export interface NavigationItem {
  to: string
  label: string
  /** `g`, then this key, opens the page. */
  key: string
}

/** The menu of the operators' pages. */
export const navigation: readonly { title: string; items: readonly NavigationItem[] }[] = [
  {
    title: t.kit.groups.overview,
    items: [
      { to: '/admin', label: t.overview.title, key: 'o' },
      { to: '/admin/mrr', label: t.overview.changes.title, key: 'r' },
      { to: '/admin/trials', label: t.overview.trialList.title, key: 't' },
    ],
  },
  {
    title: t.kit.groups.people,
    items: [
      { to: '/admin/people', label: t.people.title, key: 'p' },
      { to: '/admin/accounts', label: t.accounts.title, key: 'a' },
    ],
  },
  {
    title: t.kit.groups.money,
    items: [
      { to: '/admin/plans', label: t.money.plans.title, key: 'l' },
      { to: '/admin/subscriptions', label: t.money.subscriptions.title, key: 's' },
      { to: '/admin/discounts', label: t.discounts.title, key: 'c' },
      { to: '/admin/payments', label: t.money.payments.title, key: 'm' },
      { to: '/admin/recovery', label: t.recoveries.title, key: 'y' },
      { to: '/admin/disputes', label: t.money.disputes.title, key: 'd' },
    ],
  },
  {
    title: t.kit.groups.programs,
    items: [
      { to: '/admin/keys', label: t.programs.keys.title, key: 'k' },
      { to: '/admin/webhooks', label: t.programs.endpoints.title, key: 'w' },
    ],
  },
  {
    title: t.kit.groups.system,
    items: [
      { to: '/admin/events', label: t.system.menu.events, key: 'e' },
      { to: '/admin/jobs', label: t.system.menu.jobs, key: 'j' },
      { to: '/admin/mails', label: t.system.menu.mails, key: 'i' },
      { to: '/admin/findings', label: t.system.menu.findings, key: 'f' },
      { to: '/admin/audit', label: t.system.menu.audit, key: 'u' },
      { to: '/admin/settings', label: t.system.menu.settings, key: ',' },
    ],
  },
]
