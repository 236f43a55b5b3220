import type { MailContent } from '../src/mail/mail.queues.ts'

const at = '2026-11-26T09:30:00.000Z'
const username = 'ada'
const tokenId = '0199aa00-0000-7000-8000-000000000001'
const plan = {
  username,
  planName: 'Pro',
  amountCents: 1_900,
  currency: 'usd',
  billingPeriod: 'monthly',
  periodEnd: '2026-12-26T09:30:00.000Z',
  isTrial: false,
} as const
const invoice = { ...plan, priceCents: 1_900, invoiceUrl: 'https://invoice.stripe.example/i/acct_1/test_YWNjdF8x' }
const yearly = { amountCents: 250_000, currency: 'eur', billingPeriod: 'yearly' } as const
/** As long as they may be, without a place to break the line. */
const LONGEST = { username: 'w'.repeat(32), planName: 'Unternehmensgrundpreis'.repeat(5).slice(0, 100) }

/** Samples of all email templates, with typical values. Names say what is special about a sample. */
export const MAIL_SAMPLES: Readonly<Record<string, MailContent>> = {
  'verify-email': { template: 'verify-email', props: { username, tokenId } },
  'reset-password': { template: 'reset-password', props: { username, tokenId } },
  'confirm-email': { template: 'confirm-email', props: { username, tokenId } },
  'login-code': { template: 'login-code', props: { username, codeFor: tokenId, dropsPassword: false } },
  'login-code-first': { template: 'login-code', props: { username, codeFor: tokenId, dropsPassword: true } },
  'password-changed': { template: 'password-changed', props: { username, at } },
  'email-change-requested': {
    template: 'email-change-requested',
    props: { username, newEmail: 'countess@lovelace.example', at },
  },
  'email-changed': { template: 'email-changed', props: { username, newEmail: 'countess@lovelace.example', at } },
  'sessions-ended': { template: 'sessions-ended', props: { username, at } },
  'login-method-linked': {
    template: 'login-method-changed',
    props: { username, provider: 'google', linked: true, at },
  },
  'login-method-unlinked': {
    template: 'login-method-changed',
    props: { username, provider: 'github', linked: false, at },
  },
  'subscription-started': { template: 'subscription-started', props: invoice },
  'subscription-started-trial': {
    template: 'subscription-started',
    props: { ...invoice, amountCents: 0, invoiceUrl: null, isTrial: true },
  },
  'subscription-renewed': { template: 'subscription-renewed', props: { ...invoice, ...yearly, priceCents: 250_000 } },
  'payment-failed': { template: 'payment-failed', props: invoice },
  'payment-failed-longest': { template: 'payment-failed', props: { ...invoice, ...LONGEST, invoiceUrl: null } },
  'payment-action-required': { template: 'payment-action-required', props: invoice },
  'plan-changed': { template: 'plan-changed', props: { ...plan, ...yearly } },
  'plan-changed-free': { template: 'plan-changed', props: { ...plan, planName: 'Free', amountCents: 0 } },
  'subscription-will-cancel': { template: 'subscription-will-cancel', props: plan },
  'trial-ending': { template: 'trial-ending', props: { ...plan, isTrial: true } },
  'subscription-canceled': {
    template: 'subscription-canceled',
    props: { username, planName: 'Pro', endedAt: at },
  },
}
