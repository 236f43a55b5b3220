import type { TollgateClient } from '@tollgate/client'
import { expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { fillTables, step } from '../../../test/million-rows.ts'
import { createTestApp } from '../../../test/test-app.ts'
import { countDays } from './count-days.ts'

type Admin = TollgateClient['api']['admin']

const PAYMENTS_EACH = 10
/** In milliseconds, and how often each call is made. */
const MAX_OVERVIEW = 300
const MAX_LIST = 100
const RUNS = 20

interface Sample {
  userId: string
  subscriptionId: string
  paymentId: string
  planId: string
}

/** What is measured. A new list, search or page of one thing is a new line. */
const CALLS: Readonly<Record<string, (admin: Admin, sample: Sample) => Promise<unknown>>> = {
  'overview of 7 days': (admin) => admin.overview.query({ days: 7 }),
  'overview of 30 days': (admin) => admin.overview.query({ days: 30 }),
  'overview of 90 days': (admin) => admin.overview.query({ days: 90 }),
  'overview of 365 days': (admin) => admin.overview.query({ days: 365 }),
  attention: (admin) => admin.attention.query(),
  'changes of MRR': (admin) => admin.mrrChanges.list.query({}),
  'changes of MRR: churn': (admin) => admin.mrrChanges.list.query({ kind: 'churn' }),
  'trials: running': (admin) => admin.trials.list.query({ state: 'running' }),
  'trials: converted': (admin) => admin.trials.list.query({ state: 'converted' }),
  users: (admin) => admin.users.list.query({}),
  'users: search by address': (admin) => admin.users.list.query({ search: 'lovelace9999' }),
  'users: search by one letter': (admin) => admin.users.list.query({ search: 'e' }),
  'users: search without a match': (admin) => admin.users.list.query({ search: 'nobody-at-all' }),
  'users: not verified': (admin) => admin.users.list.query({ isVerified: false }),
  'users: past due': (admin) => admin.users.list.query({ isPastDue: true }),
  'one user': (admin, { userId: id }) => admin.users.get.query({ id }),
  'users: search by two letters': (admin) => admin.users.list.query({ search: 'vl' }),
  'users: of a plan': (admin) => admin.users.list.query({ planCode: 'vip' }),
  accounts: (admin) => admin.accounts.list.query({}),
  'accounts: search': (admin) => admin.accounts.list.query({ search: 'lovelace9999' }),
  'accounts: search by a common part': (admin) => admin.accounts.list.query({ search: 'love' }),
  'accounts: search without a match': (admin) => admin.accounts.list.query({ search: 'nobody-at-all' }),
  'accounts: organizations': (admin) => admin.accounts.list.query({ kind: 'organization' }),
  'accounts: past due': (admin) => admin.accounts.list.query({ status: 'past_due' }),
  'accounts: without a subscription': (admin) => admin.accounts.list.query({ status: 'none' }),
  'accounts: of a plan': (admin) => admin.accounts.list.query({ planCode: 'vip' }),
  timeline: (admin, { userId }) => admin.timeline.query({ userId, limit: 100 }),
  'one plan': (admin, { planId: id }) => admin.plans.get.query({ id }),
  'one account': (admin, { userId: id }) => admin.accounts.get.query({ id }),
  subscriptions: (admin) => admin.subscriptions.list.query({}),
  'subscriptions: past due': (admin) => admin.subscriptions.list.query({ status: 'past_due' }),
  'subscriptions of a plan': (admin) => admin.subscriptions.list.query({ planCode: 'pro' }),
  'subscriptions of a user': (admin, { userId }) => admin.subscriptions.list.query({ userId }),
  'one subscription': (admin, { subscriptionId: id }) => admin.subscriptions.get.query({ id }),
  payments: (admin) => admin.payments.list.query({}),
  'payments: failed': (admin) => admin.payments.list.query({ status: 'failed' }),
  'payments: refunded': (admin) => admin.payments.list.query({ refunded: true }),
  'payments of a user': (admin, { userId }) => admin.payments.list.query({ userId }),
  'one payment': (admin, { paymentId: id }) => admin.payments.get.query({ id }),
  disputes: (admin) => admin.disputes.list.query({}),
  'disputes: open': (admin) => admin.disputes.list.query({ status: 'needs_response' }),
  refunds: (admin) => admin.refunds.list.query({}),
  plans: (admin) => admin.plans.list.query({}),
  'webhook events': (admin) => admin.webhookEvents.list.query({}),
  'webhook events: failed': (admin) => admin.webhookEvents.list.query({ status: 'failed' }),
  'webhook events: of a type': (admin) => admin.webhookEvents.list.query({ type: 'charge.refunded' }),
  'webhook events: of an account': (admin, { userId }) => admin.webhookEvents.list.query({ accountId: userId }),
  'webhook events: about an object': (admin) => admin.webhookEvents.list.query({ objectId: 'in_77_0' }),
  jobs: (admin) => admin.jobs.list.query({ state: 'queued' }),
  'jobs: counts': (admin) => admin.jobs.counts.query(),
  'failed jobs': (admin) => admin.jobs.failed.query({}),
  schedule: (admin) => admin.jobs.schedule.query(),
  mails: (admin) => admin.mails.list.query({}),
  'mails: failed': (admin) => admin.mails.list.query({ state: 'failed' }),
  'mails: queued': (admin) => admin.mails.list.query({ state: 'queued' }),
  'mails: of a template': (admin) => admin.mails.list.query({ template: 'password-changed' }),
  'mails: to an address': (admin) => admin.mails.list.query({ email: 'adaknuth35@example.com' }),
  findings: (admin) => admin.findings.list.query({}),
  'findings: open': (admin) => admin.findings.list.query({ isOpen: true }),
  audit: (admin) => admin.audit.list.query({}),
  'audit: of a kind': (admin) => admin.audit.list.query({ action: 'payment.refund' }),
  'audit: about a user': (admin, { userId: targetId }) => admin.audit.list.query({ targetId }),
}

test('every list and the overview stay fast with a million subscriptions and ten million payments', async () => {
  await using app = await createTestApp({}, { worker: false })
  const { admin } = (await anAdmin(app)).api
  const { em } = app.scope()
  await fillTables(em, PAYMENTS_EACH)
  await step('counting the days', () => countDays(app.scope()))
  await step('counting the plans', () => em.execute('select recount_plans()'))
  const [sample] = await em.execute<Sample[]>(
    `select s.account_id as "userId", s.id as "subscriptionId", p.id as "paymentId", s.plan_id as "planId"
     from subscriptions s join payments p on p.account_id = s.account_id offset 1000 limit 1`,
  )
  if (!sample) throw new Error('The tables are empty.')

  const slow: string[] = []
  for (const [title, call] of Object.entries(CALLS)) {
    const taken: number[] = []
    await call(admin, sample) // the first call has cold caches
    for (let run = 0; run < RUNS; run += 1) {
      const startedAt = performance.now()
      await call(admin, sample)
      taken.push(performance.now() - startedAt)
    }
    const sorted = taken.toSorted((one, other) => one - other)
    const [p50, p95] = [sorted[Math.floor(RUNS / 2)] ?? 0, sorted[Math.floor(RUNS * 0.95)] ?? 0]
    process.stdout.write(`${title}: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms\n`)
    const max = title.startsWith('overview') ? MAX_OVERVIEW : MAX_LIST
    if (p95 > max) slow.push(title)
  }
  expect(slow).toEqual([])
})
