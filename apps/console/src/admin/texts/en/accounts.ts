import { formatDay } from '../../../words/dates.ts'

interface Access {
  planName: string | null
  until: Date | null
  currentPeriodEnd: Date | null
  endsAt: Date | null
  pastDueSince: Date | null
  graceEndsAt: Date | null
  pausedFrom: Date | null
  pausedUntil: Date | null
  endedAt: Date | null
  endedBy: 'upgrade' | 'reversal' | 'expiry' | null
  provider: string | null
}

const dayOr = (moment: Date | null, fallback: string) => (moment ? formatDay(moment) : fallback)
const ENDED_BY = {
  upgrade: ', because another subscription took its place',
  reversal: ', because it should not have been bought',
  expiry: ', because its time was over',
}

/** Texts about accounts: who pays, and what they may use now. */
export const accounts = {
  title: 'Accounts',
  search: 'Name, owner or id',
  account: 'Account',
  kind: 'Kind',
  personal: 'Personal',
  organization: 'Organization',
  closed: 'Closed',
  owner: 'Owner',
  noOwner: 'No owner',
  ownerDisabled: 'Owner disabled',
  members: 'Members',
  plan: 'Plan',
  created: 'Created',
  empty: 'There are no accounts yet.',
  subscription: 'Subscription',
  minMembers: 'Members',
  atLeast: (count: number) => `${count} or more`,
  isClosed: 'Closed',
  statuses: {
    none: 'None',
    active: 'Active',
    trialing: 'Trialing',
    past_due: 'Past due',
    unpaid: 'Unpaid',
    paused: 'Paused',
    pending: 'Pending',
  },
  person: 'Person',
  unknown: 'This account does not exist.',
  toPerson: 'Open the person',
  closedOn: (day: string) => `Deleted on ${day}`,

  access: 'Access',
  hasAccess: 'Has access',
  noAccess: 'No access',
  reasons: {
    active: 'Active',
    trialing: 'Trial',
    ending: 'Ending',
    past_due_grace: 'In grace',
    pending: 'Pending',
    past_due: 'Past due',
    unpaid: 'Unpaid',
    paused: 'Paused',
    ended: 'Ended',
    no_subscription: 'No plan',
    user_disabled: 'Disabled',
    account_deleted: 'Deleted',
  },
  /** Why there is access or none, in a sentence or two. */
  why: {
    active: (it: Access) =>
      it.provider === 'manual'
        ? `${it.planName} was granted until ${dayOr(it.until, 'an open date')}. Then it ends.`
        : it.endsAt
          ? `${it.planName} is paid, and set to end on ${formatDay(it.endsAt)}.`
          : `${it.planName} is paid. It renews on ${dayOr(it.currentPeriodEnd, 'an open date')}.`,
    trialing: (it: Access) => `${it.planName} is free on trial until ${dayOr(it.currentPeriodEnd, 'an open date')}.`,
    ending: (it: Access) => `${it.planName} is canceled. Access ends on ${dayOr(it.until, 'an open date')}.`,
    past_due_grace: (it: Access) =>
      `${it.planName} was not paid${it.pastDueSince ? ` since ${formatDay(it.pastDueSince)}` : ''}. Access lasts through the grace period, until ${dayOr(it.until, 'its end')}.`,
    pending: (it: Access) => `The first payment for ${it.planName} has not gone through.`,
    past_due: (it: Access) =>
      `${it.planName} was not paid, and the grace period ended on ${dayOr(it.graceEndsAt, 'an earlier day')}.`,
    unpaid: (it: Access) => `${it.planName} was not paid, and the payment provider has stopped trying to collect it.`,
    paused: (it: Access) =>
      `${it.planName} is paused${it.pausedUntil ? ` until ${formatDay(it.pausedUntil)}` : ''}. Nothing is collected, and there is no access.`,
    ended: (it: Access) =>
      `${it.planName} ended on ${dayOr(it.endedAt ?? it.currentPeriodEnd, 'an earlier day')}${it.endedBy ? ENDED_BY[it.endedBy] : ''}.`,
    no_subscription: (_: Access) => 'They have never had a plan.',
    user_disabled: (it: Access) =>
      it.planName ? `The person is disabled, so ${it.planName} lets them in nowhere.` : 'The person is disabled.',
    account_deleted: (_: Access) => 'The organization was deleted.',
  },

  money: 'Paid so far',
  nothingPaid: 'Nothing paid yet',
  lastPaid: (day: string) => `Last paid on ${day}`,
  refunded: (amount: string) => `${amount} refunded`,
  failedPayments: (count: number) => (count === 1 ? '1 failed payment' : `${count} failed payments`),
  openPayments: (count: number) => (count === 1 ? '1 open payment' : `${count} open payments`),
  disputes: (count: number) => (count === 1 ? '1 dispute' : `${count} disputes`),
  seats: 'Seats',
  seatsUsed: (used: number, max: number | null) => (max === null ? `${used} used` : `${used} of ${max} used`),
  seatsIncluded: (included: number) => `${included} included in the plan`,
  notCounted: 'The plan does not count members',
  customerAt: (provider: string) => `Customer at ${provider}`,
  noCustomer: 'Not a customer yet',
  trialUsed: (day: string) => `Trial used on ${day}`,

  role: 'Role',
  joined: 'Joined',
  member: 'Member',
  rename: 'Rename…',
  renameTitle: (name: string) => `Rename “${name}”?`,
  renameConfirm: 'Rename',
  newName: 'New name',
  renamed: 'The account is renamed.',
  renameEffect: 'Members see the new name at once. Invoices keep the old one.',
  changeRole: 'Change role…',
  changeRoleOf: (email: string) => `Change role of ${email}`,
  changeRoleTitle: (email: string) => `Change the role of ${email}?`,
  changeRoleConfirm: 'Change role',
  roleChanged: 'The role is changed.',
  roleEffect: (email: string, may: string) => `${email} may: ${may}`,
  ownersMailed: 'All owners get a mail about it. It says “Support”, not your name.',
  remove: 'Remove…',
  removeOf: (email: string) => `Remove ${email}`,
  removeTitle: (email: string) => `Remove ${email}?`,
  removeConfirm: 'Remove',
  removed: 'The member is removed.',
  removeEffect: 'They lose access at their next call, and get a mail.',
  removeSeat: 'A plan with seats charges less from the next invoice on.',
  lastOwner: 'This is the only owner who can act. Make another member an owner first.',
  noActiveOwner: 'No owner of this organization can log in. Make a member an owner.',

  invitations: 'Open invitations',
  noInvitations: 'No invitation is open.',
  invitedBy: 'Invited by',
  expires: 'Expires',
  expired: 'Expired',
}
