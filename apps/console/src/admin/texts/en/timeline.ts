/** Why a session ended, by the reason that the server gives. */
const SESSION_ENDS: Readonly<Record<string, string>> = {
  logged_out: 'logged out',
  replaced: 'replaced by a login on another device',
  revoked: 'ended by the person or an admin',
  reused: 'ended for safety: an old token was used again',
  password_changed: 'ended by a password change',
  email_changed: 'ended by an address change',
  address_proven: 'ended when the address was proven',
  deactivated: 'ended because the account was closed',
}

/** Flags whose change is said in a word. */
const FIELDS: Readonly<Record<string, readonly [on: string, off: string]>> = {
  isActive: ['enabled', 'disabled'],
  isAdmin: ['admin', 'not admin'],
  isVerified: ['verified', 'not verified'],
}

/** Texts of the timeline. */
export const timeline = {
  title: 'Timeline',
  show: 'Show',
  everything: 'Everything',
  empty: 'Nothing of this kind is on record.',
  older: 'Show older',
  by: (actor: string) => `by ${actor}`,
  system: 'the system or an operator at the terminal',
  groups: {
    activity: 'Activity',
    money: 'Money',
    logins: 'Logins',
    mails: 'Mails',
    teams: 'Teams',
    events: 'Webhooks',
    audit: 'Audit',
    all: 'Everything',
  },

  signedUp: 'Signed up',
  signedUpWith: (provider: string) => `Signed up with ${provider}`,
  created: 'Organization created',
  loggedIn: (device: string) => `Logged in: ${device}`,
  from: (ip: string) => `From ${ip}`,
  sessionEnds: SESSION_ENDS,
  ended: (why: string, when: string) => `${why} on ${when}`,
  linked: (provider: string) => `Linked ${provider}`,
  mail: (template: string) => `Mail: ${template}`,
  mailWaiting: 'Waiting to be sent',
  mailSent: (address: string) => `Sent to ${address}`,

  invitation: {
    received: (account: string, role: string) => `Invited to “${account}” as ${role}`,
    sent: (email: string, role: string) => `Invited ${email} as ${role}`,
    revoked: (email: string) => `Revoked the invitation of ${email}`,
    accepted: (account: string) => `Joined “${account}”`,
  },
  membership: {
    created: (account: string) => `Created “${account}”`,
    renamed: (from: string, to: string) => `Renamed “${from}” to “${to}”`,
    deleted: (account: string) => `Deleted “${account}”`,
    role_changed: (member: string, from: string, to: string, account: string) =>
      `${member}: ${from} → ${to} in “${account}”`,
    removed: (member: string, account: string) => `${member} was removed from “${account}”`,
    left: (member: string, account: string) => `${member} left “${account}”`,
  },
  nameless: 'no name',
  inAccount: (account: string) => `In “${account}”`,

  subscription: {
    started: (plan: string) => `${plan} started`,
    plan_changed: (from: string, to: string) => `Moved from ${from} to ${to}`,
    cancel_requested: (plan: string) => `Cancellation of ${plan} requested`,
    ended: (plan: string) => `${plan} ended`,
  },
  granted: 'Granted, free of charge',
  endsOn: (day: string) => `Ends on ${day}`,
  endedBy: {
    upgrade: 'Replaced by another subscription',
    reversal: 'Reversed: it should not have been bought',
    expiry: 'Its time was over',
  },

  switched: (from: string, to: string) => `Switch from ${from} to ${to}`,
  boughtLater: (plan: string) => `${plan} bought for later`,
  begins: (day: string) => `Begins on ${day}`,
  switchStatuses: { waiting: 'Waiting', begun: 'Begun', canceled: 'Canceled', undone: 'Undone' },

  payment: (amount: string) => `Payment of ${amount}`,
  paymentRefunded: (amount: string) => `${amount} of it refunded`,
  refund: (amount: string) => `Refund of ${amount}`,
  refundFull: 'In full',
  refundPart: 'In part',
  refundOpen: 'Not confirmed by the payment provider yet',

  event: (type: string) => `Webhook event: ${type}`,
  eventStatuses: { received: 'Waiting', processed: 'Processed', ignored: 'Ignored', failed: 'Failed' },
  attempts: (count: number) => (count === 1 ? '1 attempt' : `${count} attempts`),

  fields: FIELDS,
  about: (label: string) => `About ${label}`,
}
