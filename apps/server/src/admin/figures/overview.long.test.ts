import type { EntityManager } from '@mikro-orm/postgresql'
import type { TollgateClient } from '@tollgate/client'
import { expect, test } from 'vitest'
import { anAdmin } from '../../../test/admin.ts'
import { createTestApp } from '../../../test/test-app.ts'
import { countDays } from './count-days.ts'

type Admin = TollgateClient['api']['admin']

const MILLION = 1_000_000
const PAYMENTS_EACH = 10
/** In milliseconds, and how often each call is made. */
const MAX_OVERVIEW = 300
const MAX_LIST = 100
const RUNS = 20

interface Sample {
  userId: string
  subscriptionId: string
  paymentId: string
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
  accounts: (admin) => admin.accounts.list.query({}),
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
  'webhook events': (admin) => admin.webhookEvents.list.query({}),
  'failed jobs': (admin) => admin.jobs.failed.query({}),
  audit: (admin) => admin.audit.list.query({}),
}

test('every list and the overview stay fast with a million subscriptions and ten million payments', async () => {
  await using app = await createTestApp({}, { worker: false })
  const { admin } = (await anAdmin(app)).api
  const { em } = app.scope()
  await fillTables(em)
  await step('counting the days', () => countDays(app.scope()))
  const [sample] = await em.execute<Sample[]>(
    `select s.account_id as "userId", s.id as "subscriptionId", p.id as "paymentId"
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
    if (p95 > (title.startsWith('overview') ? MAX_OVERVIEW : MAX_LIST)) slow.push(title)
  }
  expect(slow).toEqual([])
})

async function step(title: string, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  await work()
  process.stdout.write(`${title}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`)
}

const TABLES = ['users', 'profiles', 'accounts', 'members', 'subscriptions', 'payments', 'mrr_changes']

/** Fills the tables fast: without triggers, and with the indexes built afterwards. */
async function fillTables(em: EntityManager): Promise<void> {
  const indexes = await em.execute<{ name: string; sql: string }[]>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as sql from pg_index
     where indrelid::regclass::text = any(?::text[]) and not exists (select 1 from pg_constraint where conindid = indexrelid)`,
    [`{${TABLES.join(',')}}`],
  )
  for (const { name } of indexes) await em.execute(`drop index ${name}`)
  for (const [title, sql] of Object.entries(ROWS)) {
    await step(title, () =>
      em.transactional(async (em) => {
        await em.execute('set local session_replication_role = replica')
        await em.execute(sql)
      }),
    )
  }
  await step(`${indexes.length} indexes`, async () => {
    for (const { sql } of indexes) await em.execute(sql)
  })
  await step('vacuum analyze', () => em.execute('vacuum analyze'))
}

/** A year and more of history: 3 of 5 subscriptions pay, and each account has paid ten times in two currencies. */
const ROWS = {
  users: `
    insert into users (id, email, username, username_key, is_verified, is_active, is_admin, created_at, updated_at)
    select gen_random_uuid(), name || '@example.com', name, name, i % 10 > 0, i % 100 > 0, false, moment, moment
    from (select i, (array['ada', 'grace', 'alan', 'edsger', 'barbara'])[1 + i % 5]
              || (array['lovelace', 'hopper', 'turing', 'dijkstra', 'liskov', 'knuth', 'ritchie'])[1 + i % 7] || i as name,
            date_trunc('milliseconds', now() - i * interval '60 seconds') as moment
          from generate_series(1, ${MILLION}) i) people`,
  profiles: `insert into profiles (user_id, updated_at) select id, now() from users on conflict do nothing`,
  accounts: `insert into accounts (id, kind, created_at) select id, 'personal', created_at from users on conflict do nothing`,
  members: `
    insert into members (account_id, user_id, role, joined_at)
    select id, id, 'owner', created_at from users on conflict do nothing`,
  subscriptions: `
    insert into subscriptions (id, account_id, user_id, plan_id, provider, status, price, currency, billing_period, started_at,
      current_period_start, current_period_end, past_due_since, trial_start, trial_end, converted_at, yearly, created_at, updated_at)
    select gen_random_uuid(), u.id, u.id, p.id, 'stripe', status, p.price_cents, currency, 'monthly', u.created_at,
      now() - interval '10 days', now() + interval '20 days', case status when 'past_due' then now() - interval '3 days' end,
      u.created_at, u.created_at + interval '14 days',
      case when u.n % 3 = 0 and status <> 'trialing' then u.created_at + interval '14 days' end,
      case when status in ('active', 'past_due') then p.price_cents * 12 else 0 end, u.created_at, now()
    from (select id, created_at, n, (array['usd', 'eur'])[1 + n % 2] as currency,
            case when n % 50 = 0 then 'past_due' when n % 20 = 1 then 'trialing' when n % 5 < 2 then 'canceled' else 'active' end
              as status
          from (select id, created_at, row_number() over () as n from users) numbered) u
    join (select id, price_cents, row_number() over () as n from plans where billing_period = 'monthly') p on p.n = 1 + u.n % 3`,
  'changes of MRR': `
    insert into mrr_changes (id, account_id, currency, day, kind, opened, closed, had_before, changed_at)
    select gen_random_uuid(), account_id, currency, (started_at at time zone 'UTC')::date, 'new', 0, yearly, false, started_at
    from subscriptions where yearly > 0`,
  payments: `
    insert into payments (id, account_id, user_id, subscription_id, provider, provider_invoice_id, amount, refunded, currency,
      status, created_at, updated_at)
    select gen_random_uuid(), s.account_id, s.user_id, s.id, 'stripe', 'in_' || n || '_' || month, 1900,
      case when n % 100 = 0 then 400 else 0 end, s.currency,
      case when n % 100 = 0 then 'partially_refunded' when n % 77 = 0 then 'failed' else 'succeeded' end,
      date_trunc('milliseconds', now() - month * interval '30 days' - n * interval '2.5 seconds'), now()
    from (select *, row_number() over () as n from subscriptions) s, generate_series(0, ${PAYMENTS_EACH - 1}) month`,
}
