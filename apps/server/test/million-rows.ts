import type { EntityManager } from '@mikro-orm/postgresql'

const MILLION = 1_000_000

/** Prints how long a step takes. */
export async function step(title: string, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now()
  await work()
  process.stdout.write(`${title}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`)
}

const TABLES = [
  ...['users', 'profiles', 'accounts', 'members', 'sessions', 'customers', 'subscriptions', 'payments', 'refunds'],
  ...['disputes', 'mrr_changes', 'provider_events', 'mails', 'audit_entries', 'reconciliation_findings'],
]

/**
 * Fills the tables with a million of each, fast: without triggers, and with the indexes built afterwards.
 *
 * @param paymentsEach of each subscription.
 * @param without steps that a test does not need, such as `events` and `mails`, which take the longest.
 */
export async function fillTables(
  em: EntityManager,
  paymentsEach: number,
  without: readonly string[] = [],
): Promise<void> {
  const indexes = await em.execute<{ name: string; sql: string }[]>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as sql from pg_index
     where indrelid::regclass::text = any(?::text[]) and not exists (select 1 from pg_constraint where conindid = indexrelid)`,
    [`{${TABLES.join(',')}}`],
  )
  for (const { name } of indexes) await em.execute(`drop index ${name}`)
  for (const [title, sql] of Object.entries(rowsWith(paymentsEach))) {
    if (without.includes(title)) continue
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

/**
 * A year and more of history: 3 of 5 subscriptions pay, and each account has paid several times in two currencies. Events,
 * mails, sessions and audit entries: two million, two million, one million, and half a million.
 */
const rowsWith = (paymentsEach: number) => ({
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
    from (select *, row_number() over () as n from subscriptions) s, generate_series(0, ${paymentsEach - 1}) month`,
  organizations: `
    insert into accounts (id, kind, name, created_at)
    select gen_random_uuid(), 'organization', 'Team ' || i, now() - i * interval '10 minutes' from generate_series(1, 20000) i`,
  'their members': `
    insert into members (account_id, user_id, role, joined_at)
    select t.id, u.id, case when place = 0 then 'owner' else 'member' end, t.created_at
    from (select id, created_at, row_number() over () as n from accounts where kind = 'organization') t
    join (select id, row_number() over () as n from users limit 100000) u on u.n / 5 = t.n - 1
    cross join lateral (select u.n % 5 as place) places`,
  sessions: `
    insert into sessions (id, user_id, ip, user_agent, created_at, expires_at)
    select gen_random_uuid(), id, '192.0.2.1', 'Mozilla/5.0 Firefox/140', created_at, now() + interval '20 days' from users`,
  customers: `
    insert into customers (id, account_id, user_id, provider_customer_id, created_at)
    select gen_random_uuid(), account_id, user_id, 'cus_' || row_number() over (), created_at from subscriptions`,
  events: `
    insert into provider_events (id, provider, provider_event_id, type, status, occurred_at, payload, received_at, processed_at, attempts)
    select gen_random_uuid(), 'stripe', 'evt_' || n || '_' || month,
      case when n % 500 = 0 then 'charge.refunded' when n % 2 = 0 then 'invoice.paid' else 'customer.subscription.updated' end,
      case when n % 100000 = 0 then 'failed' when n % 3 = 0 then 'ignored' else 'processed' end, moment,
      jsonb_build_object('id', 'evt_' || n || '_' || month, 'object', 'event', 'data', jsonb_build_object('object',
        jsonb_build_object('id', 'in_' || n || '_' || month, 'customer', customer, 'padding', repeat(md5(n::text), 30)))), moment, moment, 1
    from (select provider_customer_id as customer, row_number() over () as n from customers) c, generate_series(0, 1) month,
      lateral (select date_trunc('milliseconds', now() - month * interval '30 days' - n * interval '2.5 seconds') as moment) m`,
  mails: `
    insert into mails (id, fact, template, recipient, created_at, sent_at, failed_at)
    select gen_random_uuid(), 'mail:' || n || ':' || number, case when n % 1000 = 0 then 'password-changed' when number = 0 then 'verify-email'
      else 'subscription-renewed' end, email, created_at, case when n % 100000 > 1 then created_at end, case when n % 100000 = 0 then created_at end
    from (select email, created_at, row_number() over () as n from users) u, generate_series(0, 1) number`,
  audit: `
    insert into audit_entries (id, actor_id, action, target_type, target_id, after, created_at)
    select gen_random_uuid(), null, case when n % 100 = 0 then 'payment.refund' else 'user.update' end,
      case when n % 100 = 0 then 'payment' else 'user' end, id, '{"isActive": true}', created_at
    from (select id, created_at, row_number() over () as n from users) u where n % 2 = 0`,
  refunds: `
    insert into refunds (id, payment_id, amount, is_full, status, created_at)
    select gen_random_uuid(), id, 400, false, 'done', created_at from payments where refunded > 0`,
  disputes: `
    insert into disputes (id, payment_id, provider_dispute_id, reason, status, amount, currency, due_by, opened_at, updated_at)
    select gen_random_uuid(), id, 'du_' || row_number() over (), 'fraudulent',
      case when row_number() over () % 100 = 0 then 'needs_response' else 'lost' end, 1900, currency, created_at + interval '9 days', created_at, created_at
    from payments where refunded > 0 and mod(abs(hashtext(provider_invoice_id)), 10) = 0`,
  findings: `
    insert into reconciliation_findings (id, found_at, kind, account_id, object_type, object_id)
    select gen_random_uuid(), created_at, case when n % 1000 = 0 then 'against_rules' else 'corrected' end, id, 'subscription', 'sub_' || n
    from (select id, created_at, row_number() over () as n from users) u where n % 10 = 0`,
})
