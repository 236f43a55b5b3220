import { dunningTexts } from './en-dunning.ts'

/**
 * All words of all emails, in English. Another language is another file of the type `MailTexts`.
 *
 * A text is a string, or a function of the values in it. Values are ready to show: dates, prices and names come
 * formatted.
 */
export const en = {
  /** How dates, numbers and durations are written. */
  locale: 'en-GB',
  moneyLocale: 'en-US',
  language: 'en',

  /** In which days and times are written, unless the reader has chosen a time zone. */
  timeZone: 'UTC',
  /** The time zone of a provider that counts days, in which all of an email is written. */
  providerZone: null as string | null,
  /** `Africa/Cairo` is Cairo time. */
  providerZoneName: (timeZone: string) => `${timeZone.replace(/^.*\//, '').replaceAll('_', ' ')} time`,
  day: (day: string, zone: string) => `${day} (${zone})`,
  minute: (day: string, time: string, zone: string) => `${day} at ${time} ${zone}`,
  /** The price of a period: $19.00 a month, $49.00 every 3 months. */
  price: (amount: string, { unit, count }: { unit: 'day' | 'week' | 'month' | 'year'; count: number }) =>
    `${amount} ${count === 1 ? `a ${unit}` : `every ${count} ${unit}s`}`,
  discounted: (price: string, end: string) => `${price} (discounted until ${end})`,
  unknownAddress: 'unknown',
  /** What a person with a role is called, after "as". */
  roles: { owner: 'an owner', admin: 'an admin', billing: 'a billing manager', member: 'a member' },
  providers: { google: 'Google', github: 'GitHub' },

  /** What surrounds every email. */
  frame: {
    linkHint: "If the button doesn't work, open this link:",
    sentBy: (site: string) => `Sent by ${site}`,
    /** The address follows, as a link. */
    help: 'Questions? Write to',
  },
  greeting: (username: string) => `Hello ${username},`,
  greetingToStranger: 'Hello,',
  request: {
    time: 'Time',
    device: 'Device',
    address: 'IP address',
    sentence: (time: string, device: string, address: string) =>
      `It was requested on ${time} from ${device}, IP address ${address}.`,
  },
  pages: {
    subscription: 'View my subscription',
    members: 'View the members',
    invoice: 'See the invoice',
    newPassword: 'Set a new password',
  },

  verifyEmail: {
    subject: 'Please verify your email address',
    welcome: 'Welcome! Confirm that this email address is yours, and your account is ready.',
    action: 'Verify my address',
    note: (lifetime: string) => `The link works for ${lifetime}. If you didn't sign up, you can ignore this email.`,
  },
  confirmEmail: {
    subject: 'Please confirm your new email address',
    request: 'You asked to use this email address for your account. Log in and confirm it here:',
    action: 'Confirm my new address',
    note: (lifetime: string) =>
      `The link works once, for ${lifetime}. If you didn't ask for this, you can ignore this email, and nothing will change.`,
  },
  resetPassword: {
    subject: 'Set a new password',
    request: 'You, or someone who entered your email address, asked for a new password. Set one here:',
    works: (lifetime: string) => `The link works once, for ${lifetime}.`,
    ignore: "If you didn't ask for it, you can ignore this email. Your password will stay the same.",
  },
  loginCode: {
    subject: (code: string) => `${code} is your login code`,
    title: 'Your login code',
    dropsPassword:
      'Logging in with this code verifies your email address. It also removes the password and ends all sessions, because they were created before the address was verified.',
    enter: 'To log in, enter this code where you asked for it:',
    works: (lifetime: string) => `The code works once, for ${lifetime}. Don't share it: we'll never ask you for it.`,
    ignore: "If you didn't ask for it, you can ignore this email.",
  },
  passwordChanged: {
    subject: 'Your password was changed',
    what: 'Your password was changed, and you were logged out everywhere else.',
    advice: "If that was you, you don't need to do anything. If not, set a new password right away:",
  },
  emailChangeRequested: {
    subject: 'Your email address is about to change',
    what: (newEmail: string) =>
      `Someone who knows your password asked to change your account's email address to ${newEmail}. The change takes effect once it is confirmed with the link we sent there.`,
    advice: "If that wasn't you, change your password now. This also disables the link.",
    action: 'Change my password',
  },
  emailChanged: {
    subject: 'Your email address was changed',
    what: (newEmail: string) =>
      `Your account's email address was changed to ${newEmail}. This is the last email we'll send to the old address.`,
    advice: (contact: string) =>
      `If that wasn't you, contact ${contact} right away. They can see what happened, and only they can give you your account back.`,
    /** Whom to contact if there is no support address. */
    operators: (webUrl: string) => `the people who run ${webUrl}`,
  },
  sessionsEnded: {
    subject: 'We logged you out to protect your account',
    what: 'An old copy of your login was used again. This can be harmless, but it also happens when someone has stolen a login. To be safe, we ended that session.',
    advice: 'Please log in again. If this looks suspicious to you, change your password as well.',
    ended: 'Session that we ended',
    session: (device: string, address: string) => `${device}, logged in from ${address}`,
    action: 'Log in',
  },
  loginMethodLinked: {
    subject: (provider: string) => `You can now log in with ${provider}`,
    what: (provider: string) =>
      `A ${provider} account was linked to your account. Anyone who can log in to that ${provider} account can now log in here.`,
    advice:
      "If that was you, you don't need to do anything. If not, unlink it on your profile page and set a new password.",
    action: 'View my profile',
  },
  loginMethodUnlinked: {
    subject: (provider: string) => `You can no longer log in with ${provider}`,
    what: (provider: string) =>
      `Your ${provider} account was unlinked from your account. You can't log in with it anymore.`,
    advice:
      "If that was you, you don't need to do anything. If not, set a new password right away. This also ends every session.",
  },

  payment: {
    received: (amount: string) => `We received your payment of ${amount}.`,
    byCredit: 'Paid with your account credit.',
    nothing: 'There was nothing to pay this time.',
    accessEnds: (end: string) => `Without a payment, your access ends on ${end}.`,
    noAccess: "You don't have access until the invoice is paid.",
    accessWillEnd: 'If no payment goes through, your access will end.',
  },
  subscriptionStarted: {
    subject: (plan: string) => `Your ${plan} subscription has started`,
    thanks: (plan: string) => `Thank you! Your ${plan} subscription is active.`,
    free: "It's free: you won't be charged.",
    trialEnds: (end: string) => `Your trial ends on ${end}, and you won't be charged.`,
    trialRuns: (end: string, price: string) =>
      `Your trial runs until ${end}. We'll charge you ${price} from then on. If you don't want to continue, cancel before the trial ends, and you won't be charged.`,
    ends: (price: string, end: string) => `Your subscription costs ${price} and ends on ${end}.`,
    renews: (price: string, next: string) => `Your subscription costs ${price} and renews on ${next}.`,
  },
  subscriptionRenewed: {
    subject: (plan: string) => `Your ${plan} subscription has been renewed`,
    ends: (plan: string, end: string) => `Your ${plan} subscription ends on ${end}.`,
    runs: (plan: string, next: string) => `Your ${plan} subscription now runs until ${next}.`,
  },
  ...dunningTexts,
  paymentRefunded: {
    subject: (amount: string) => `We refunded ${amount}`,
    payment: 'your payment',
    paymentFor: (plan: string) => `your payment for ${plan}`,
    inFull: (amount: string, payment: string) => `We refunded ${amount} of ${payment}. It is now refunded in full.`,
    inPart: (amount: string, payment: string) => `We refunded ${amount} of ${payment}.`,
    invoice: 'Invoice',
    paidOn: 'Paid on',
    arrives:
      'The money goes back to the card or account that you paid with. Banks usually take 5 to 10 business days to show it.',
    keeps: "The refund alone doesn't change your subscription.",
  },
  promotionLost: {
    subject: (code: string) => `Your promotion code ${code} no longer works`,
    what: (code: string, plan: string, day: string) =>
      `You scheduled a change to ${plan} for ${day}, with the promotion code ${code}. The code can't be used anymore, so it will take nothing off.`,
    next: 'The change is still scheduled, at the full price. Before that day, you can cancel it, or schedule it again with another code.',
  },
  refundFailed: {
    subject: (amount: string) => `Our refund of ${amount} didn't go through`,
    what: (amount: string, payment: string) =>
      `We told you that we refunded ${amount} of ${payment}. The banks couldn't complete this refund, so you won't receive it.`,
    next: 'We still owe you the amount. Please contact us so that we can return it another way.',
  },
  planChanged: {
    subject: (plan: string) => `You're now on ${plan}`,
    costs: (plan: string, price: string) => `Your subscription was changed to ${plan}, which costs ${price}.`,
    costsNothing: (plan: string) => `Your subscription was changed to ${plan}, which costs nothing.`,
    paid: (amount: string) => `We received your payment of ${amount} for the change.`,
    due: (amount: string) => `The change costs ${amount} now.`,
    credit: 'We credited any unused time that you had paid for on your old plan.',
    ends: (end: string) => `It ends on ${end}.`,
    trial: (next: string) => `Your trial continues. We'll take your first payment on ${next}.`,
    renews: (next: string) => `It renews on ${next}.`,
  },
  planUpcoming: {
    subject: (plan: string, start: string) => `Your ${plan} plan begins on ${start}`,
    stays: (start: string) => `Your current plan stays until ${start}. Nothing is due before then.`,
    begins: (plan: string, price: string) =>
      `Then ${plan} begins, which costs ${price}. We'll charge the card that you have just saved.`,
    undo: (plan: string) =>
      `Changed your mind? Cancel ${plan} before it begins, and then choose to keep your current plan, too.`,
  },
  subscriptionWillCancel: {
    subject: (plan: string) => `Your ${plan} subscription will end`,
    ends: (plan: string, end: string) =>
      `Your ${plan} subscription ends on ${end} and won't renew. Until then, you keep everything it includes.`,
    endsLater: (plan: string, end: string) =>
      `Your ${plan} subscription ends on ${end}. Until then, it renews as usual, and you keep everything it includes.`,
    endsPaused: (plan: string, end: string) => `Your ${plan} subscription ends on ${end}.`,
    undo: 'Changed your mind? You can undo the cancellation until it ends.',
  },
  trialEnding: {
    subject: (plan: string) => `Your ${plan} trial ends soon`,
    ends: (plan: string, end: string, price: string) =>
      `Your ${plan} trial ends on ${end}. We'll charge you ${price} from then on.`,
    advice: "If you don't want to continue, cancel before then, and you won't be charged.",
  },
  subscriptionPaused: {
    subject: (plan: string) => `Your ${plan} subscription is paused`,
    subjectBefore: (plan: string) => `Your ${plan} subscription will be paused`,
    is: (plan: string) => `Your ${plan} subscription is paused.`,
    will: (plan: string, from: string) =>
      `Your ${plan} subscription will be paused on ${from}. Until then, you keep everything it includes.`,
    meanwhile: "While it is paused, you aren't charged and have no access.",
    until: (end: string) => `It continues on ${end}, and you are charged again.`,
  },
  cardAdded: {
    subject: (plan: string) => `New card for your ${plan} subscription`,
    whatCard: (plan: string, last4: string) =>
      `Your ${plan} subscription is now charged to the card that ends in ${last4}.`,
    what: (plan: string) => `A card was added to your ${plan} subscription.`,
    check: (amount: string) =>
      `To check the card, we charged ${amount} and paid it back. Your bank may show that a few days later.`,
    notYou: "If you didn't add a card, choose another one on your subscription page and change your password.",
  },
  subscriptionCanceled: {
    subject: (plan: string) => `Your ${plan} subscription has ended`,
    what: (plan: string, end: string) => `Your ${plan} subscription ended on ${end}. You won't be charged again.`,
    whatUnpaid: (plan: string, end: string) =>
      `Your ${plan} subscription ended on ${end}, because the last payment didn't go through. You won't be charged again.`,
    comeBack: 'You still have your account, and you can come back at any time.',
    action: 'See the plans',
  },

  invitation: {
    subject: (account: string) => `Invitation to join “${account}”`,
    what: (inviter: string, account: string, site: string, role: string) =>
      `${inviter} invites you to join the organization “${account}” on ${site} as ${role}.`,
    how: 'To accept, log in with this email address, or sign up with it.',
    action: 'View the invitation',
    note: (lifetime: string) =>
      `The link works for ${lifetime}. If you don't know who this is, you can ignore this email.`,
  },
  invitationAccepted: {
    subject: (member: string, account: string) => `${member} has joined “${account}”`,
    what: (member: string, email: string, account: string, role: string) =>
      `${member} (${email}) has accepted an invitation and joined “${account}” as ${role}.`,
  },
  memberRemoved: {
    subject: (account: string) => `You're no longer a member of “${account}”`,
    what: (account: string, time: string) =>
      `You were removed from the organization “${account}” on ${time}. You can no longer use what it pays for.`,
    rest: 'Your own login and your personal account stay as they are. If you think this is a mistake, ask an owner of the organization.',
    action: 'View my accounts',
  },
  ownershipChanged: {
    youAre: (account: string) => `You are now an owner of “${account}”`,
    youAreNot: (account: string) => `You are no longer an owner of “${account}”`,
    isNow: (member: string, account: string) => `${member} is now an owner of “${account}”`,
    isNot: (member: string, account: string) => `${member} is no longer an owner of “${account}”`,
    gained: 'An owner may do everything in the organization: pay, manage members, and delete it.',
    lost: 'Only an owner may do everything in the organization: pay, manage members, and delete it.',
    advice: "If you didn't expect this, look at the list of members, and talk to the other owners.",
    changedBy: 'Changed by',
  },
  seatLimitNear: {
    subject: (account: string) => `One seat is left in “${account}”`,
    subjectFull: (account: string) => `All seats of “${account}” are taken`,
    what: (account: string, max: number, used: number) =>
      `The plan of “${account}” has room for ${max === 1 ? '1 member' : `${max} members`}, and ${used === 1 ? '1 seat is' : `${used} seats are`} taken.`,
    one: 'One more person can join. After that, remove a member or choose a larger plan.',
    none: 'To invite more people, remove a member or choose a larger plan.',
  },
  webhookEndpointOff: {
    subject: (host: string) => `Webhooks to ${host} are switched off`,
    failing: 'For 5 days, every event that we sent to this webhook endpoint has failed. We have switched it off.',
    gone: 'This webhook endpoint answered that it is gone (410). We have switched it off.',
    consequence:
      'It gets no events until you switch it on again. Then we send those that are waiting. Events that it misses are only in the feed of events.',
    url: 'Address',
    since: 'Failing since',
    off: 'Switched off',
    lastError: 'Last answer',
    action: 'View the endpoints',
  },
}

/** The words of all emails in one language. */
export type MailTexts = typeof en
