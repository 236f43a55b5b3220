import type { MailContent } from './mail.queues.ts'

const at = '2026-11-26T09:30:00.000Z'
const username = 'ada'
const tokenId = '0199aa00-0000-7000-8000-000000000001'
const url = 'https://invoice.stripe.example/i/acct_1/test_YWNjdF8x'
const plan = {
  username,
  planName: 'Pro',
  amountCents: 1_900,
  currency: 'usd',
  billingPeriod: 'monthly',
  interval: { unit: 'month', count: 1 },
  periodEnd: '2026-12-26T09:30:00.000Z',
  endsAt: null,
  isTrial: false,
} as const
const pause = { username, planName: 'Pro', from: plan.periodEnd }
const refund = { username, planName: 'Pro', currency: 'usd', paidAt: at, invoiceNumber: 'ACME-0042', invoiceUrl: url }
const invoice = { ...plan, priceCents: 1_900, invoiceUrl: url }
const by = { ip: '203.0.113.7', userAgent: 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0' }
const ended = {
  ip: '2001:db8:4:1f:9c2e:77aa:51d0:3b6e',
  userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1',
}
const yearly = {
  amountCents: 250_000,
  currency: 'eur',
  billingPeriod: 'yearly',
  interval: { unit: 'year', count: 1 },
} as const
const account = { username, accountId: tokenId, accountName: 'Analytical Engines Ltd.' }
/** As long as they may be, without a place to break the line. */
const LONGEST = { username: 'w'.repeat(32), planName: 'Unternehmensgrundpreis'.repeat(5).slice(0, 100) }

/** Samples of all email templates, with typical values. Names say what is special about a sample. */
export const MAIL_SAMPLES: Readonly<Record<string, MailContent>> = {
  'verify-email': { template: 'verify-email', props: { username, tokenId } },
  'reset-password': { template: 'reset-password', props: { username, tokenId, at, by } },
  'confirm-email': { template: 'confirm-email', props: { username, tokenId } },
  'login-code': { template: 'login-code', props: { username, codeFor: tokenId, dropsPassword: false, at, by } },
  'login-code-first': {
    template: 'login-code',
    props: { username, codeFor: tokenId, dropsPassword: true, at, by: ended },
  },
  'password-changed': { template: 'password-changed', props: { username, at, by } },
  'email-change-requested': {
    template: 'email-change-requested',
    props: { username, newEmail: 'countess@lovelace.example', at, by },
  },
  'email-changed': { template: 'email-changed', props: { username, newEmail: 'countess@lovelace.example', at, by } },
  'sessions-ended': { template: 'sessions-ended', props: { username, at, by, ended } },
  'sessions-ended-old-job': { template: 'sessions-ended', props: { username, at } },
  'login-method-linked': {
    template: 'login-method-changed',
    props: { username, provider: 'google', linked: true, at, by },
  },
  'login-method-unlinked': {
    template: 'login-method-changed',
    props: { username, provider: 'github', linked: false, at, by },
  },
  'subscription-started': { template: 'subscription-started', props: invoice },
  'subscription-started-trial': {
    template: 'subscription-started',
    props: { ...invoice, amountCents: 0, invoiceUrl: null, isTrial: true },
  },
  'subscription-renewed': { template: 'subscription-renewed', props: { ...invoice, ...yearly, priceCents: 250_000 } },
  'payment-failed': { template: 'payment-failed', props: { ...invoice, accessUntil: '2026-12-29T10:30:00.000Z' } },
  'payment-failed-first': { template: 'payment-failed', props: { ...invoice, accessUntil: null } },
  'payment-failed-longest': { template: 'payment-failed', props: { ...invoice, ...LONGEST, invoiceUrl: null } },
  'payment-action-required': {
    template: 'payment-action-required',
    props: { ...invoice, accessUntil: '2026-12-29T10:30:00.000Z' },
  },
  'payment-reminder': {
    template: 'payment-reminder',
    props: {
      ...{ ...invoice, payLinkFor: tokenId, action: 'pay', isFinal: false },
      ...{ accessUntil: '2026-12-29T10:30:00.000Z', retriesAt: '2026-12-30T09:30:00.000Z' },
    },
  },
  'payment-reminder-final': {
    template: 'payment-reminder',
    props: {
      ...{ ...invoice, payLinkFor: tokenId, action: 'authenticate', isFinal: true },
      ...{ accessUntil: null, retriesAt: null },
    },
  },
  'payment-reminder-card': {
    template: 'payment-reminder',
    props: {
      ...{ ...invoice, payLinkFor: tokenId, action: 'update_card', isFinal: false, invoiceUrl: null },
      ...{ timeZone: 'Africa/Cairo', retriesAt: '2026-12-30T22:00:00.000Z' },
    },
  },
  'card-expiring': {
    template: 'card-expiring',
    props: { ...plan, brand: 'visa', last4: '4242', expires: '11/2026' },
  },
  'payment-refunded': {
    template: 'payment-refunded',
    props: { ...refund, amountCents: 1_900, isFull: true },
  },
  'payment-refunded-partly': {
    template: 'payment-refunded',
    props: { ...refund, planName: null, amountCents: 700, isFull: false, invoiceNumber: null, invoiceUrl: null },
  },
  'payment-refund-failed': { template: 'payment-refund-failed', props: { ...refund, amountCents: 700 } },
  'plan-changed': {
    template: 'plan-changed',
    props: { ...plan, ...yearly, invoice: { amountCents: 231_045, isPaid: true, url } },
  },
  'plan-changed-open': {
    template: 'plan-changed',
    props: { ...plan, planName: 'VIP', amountCents: 4_900, invoice: { amountCents: 2_875, isPaid: false, url } },
  },
  'plan-changed-free': {
    template: 'plan-changed',
    props: { ...plan, planName: 'Free', amountCents: 0, invoice: null },
  },
  'promotion-lost': {
    template: 'promotion-lost',
    props: { username, planName: 'Pro', code: 'LAUNCH', startsAt: plan.periodEnd },
  },
  'plan-upcoming': {
    template: 'plan-upcoming',
    props: {
      ...{ username: plan.username, planName: 'Pro (EGP)', amountCents: 90_000, currency: 'egp' },
      ...{ billingPeriod: 'monthly', interval: { unit: 'month', count: 1 }, startsAt: '2026-12-26T09:30:00.000Z' },
    },
  },
  'subscription-will-cancel': {
    template: 'subscription-will-cancel',
    props: { ...plan, endsAt: '2026-12-26T09:30:00.000Z' },
  },
  'subscription-will-cancel-in-cairo': {
    template: 'subscription-will-cancel',
    props: { ...plan, currency: 'egp', endsAt: '2026-12-25T22:00:00.000Z', timeZone: 'Africa/Cairo' },
  },
  'subscription-will-cancel-later': {
    template: 'subscription-will-cancel',
    props: { ...plan, endsAt: '2027-03-08T17:00:00.000Z' },
  },
  'subscription-will-pause': {
    template: 'subscription-paused',
    props: { ...pause, until: '2027-02-26T09:30:00.000Z', isPaused: false },
  },
  'subscription-paused': { template: 'subscription-paused', props: { ...pause, until: null, isPaused: true } },
  'trial-ending-quarterly': {
    template: 'trial-ending',
    props: { ...plan, amountCents: 4_900, interval: { unit: 'month', count: 3 }, isTrial: true },
  },
  'trial-ending': { template: 'trial-ending', props: { ...plan, isTrial: true } },
  'card-added': {
    template: 'card-added',
    props: { username, planName: 'Pro', amountCents: 100, currency: 'egp', last4: '2346' },
  },
  'subscription-canceled': {
    template: 'subscription-canceled',
    props: { username, planName: 'Pro', endedAt: at },
  },
  'subscription-canceled-unpaid': {
    template: 'subscription-canceled',
    props: { username, planName: 'Pro', endedAt: at, isUnpaid: true },
  },
  invitation: {
    template: 'invitation',
    props: { invitationId: tokenId, accountName: account.accountName, role: 'member', invitedBy: 'charles' },
  },
  'invitation-longest': {
    template: 'invitation',
    props: {
      ...{ invitationId: tokenId, accountName: LONGEST.planName, role: 'billing' },
      invitedBy: 'www.prize.example/win-win-win-12',
    },
  },
  'invitation-accepted': {
    template: 'invitation-accepted',
    props: { ...account, member: 'grace', email: 'grace@hopper.example', role: 'admin' },
  },
  'member-removed': { template: 'member-removed', props: { username, accountName: account.accountName, at } },
  'ownership-changed': {
    template: 'ownership-changed',
    props: { ...account, member: 'grace', isReader: false, isOwner: true, changedBy: 'charles', at },
  },
  'ownership-lost': {
    template: 'ownership-changed',
    props: { ...account, member: 'ada', isReader: true, isOwner: false, changedBy: 'charles', at },
  },
  'seat-limit-near': { template: 'seat-limit-near', props: { ...account, used: 9, max: 10 } },
  'seat-limit-reached': { template: 'seat-limit-near', props: { ...account, used: 10, max: 10 } },
  'webhook-endpoint-failing': {
    template: 'webhook-endpoint-off',
    props: {
      ...{ username, url: 'https://app.example.com/hooks/tollgate?team=billing', reason: 'failing', at },
      ...{ since: '2026-11-19T04:12:00.000Z', lastError: 'There was no answer within 15 s.' },
    },
  },
  'webhook-endpoint-gone': {
    template: 'webhook-endpoint-off',
    props: {
      ...{ username, url: `https://app.example.com/${'a-long-path/'.repeat(12)}`, reason: 'gone', at },
      ...{ since: at, lastError: 'The answer was 410.' },
    },
  },
}
