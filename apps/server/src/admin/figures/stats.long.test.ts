import type { EntityManager } from '@mikro-orm/postgresql'
import { expect, test } from 'vitest'
import { createTestApp } from '../../../test/test-app.ts'
import { listAccounts } from '../../auth/index.ts'
import { summarizeBilling } from '../../billing/index.ts'
import { readStats } from './read-stats.ts'

const MILLION = 1_000_000
/**
 * Maximum durations, as multiples of a plain count of the three tables in the same run, because machines and their load
 * differ. Stats are read rarely and scan whole tables; lists are read on every keystroke.
 */
const MAX_STATS = 4
const MAX_LIST = 2

test('stats and searches over a million users, subscriptions and payments stay fast', async () => {
  await using app = await createTestApp({}, { worker: false })
  const scope = app.scope()
  const { em } = scope
  await em.transactional(fillTables)
  await em.execute('vacuum analyze')

  const times = new Map<string, { median: number; limit: number }>()
  const timed = async (title: string, limit: number, work: () => Promise<unknown>) => {
    const taken: number[] = []
    for (let i = 0; i < 6; i++) {
      const startedAt = performance.now()
      await work()
      if (i > 0) taken.push(performance.now() - startedAt) // the first run has cold caches
    }
    const median = taken.toSorted((one, other) => one - other)[2] ?? Infinity
    times.set(title, { median, limit })
    return median
  }
  const tables = ['users', 'subscriptions', 'payments'].map((table) => `(select count(*) from ${table})`)
  const plainCount = await timed('a plain count of the three tables', 1, () =>
    em.execute(`select ${tables.join(', ')}`),
  )
  await timed('stats', MAX_STATS, () => readStats(scope))
  await timed('billing stats', MAX_STATS, () => summarizeBilling(scope))
  for (const search of ['', 'lovelace', 'e', 'ada.lovelace9999', 'nobody-at-all', 'zq']) {
    await timed(`users matching "${search}"`, MAX_LIST, () => listAccounts(scope, { limit: 20, search }))
  }
  await timed('admins', MAX_LIST, () => listAccounts(scope, { limit: 20, isAdmin: true }))
  const ratios = [...times].map(([title, { median, limit }]) => ({ title, median, limit, ratio: median / plainCount }))
  for (const { title, median, ratio } of ratios)
    process.stdout.write(`${title}: ${median.toFixed(0)} ms (${ratio.toFixed(2)})\n`)

  const statements = [
    'select count(*) from users',
    'select count(*) from users where is_active = false',
    'select count(*) from users where is_verified = false',
    "select count(*) from users where created_at >= now() - interval '30 days'",
    `select status, plan_id, currency, billing_period, count(*), sum(price)
     from subscriptions group by status, plan_id, currency, billing_period`,
    `select date_trunc('day', created_at at time zone 'UTC'), currency, sum(amount - refunded) from payments
     where created_at >= now() - interval '29 days' and status in ('succeeded', 'partially_refunded') group by 1, 2`,
    `select id from users where trigrams(email || ' ' || username_key) @> trigrams('ada.lovelace9999')
     order by created_at desc, id desc limit 21`,
  ]
  for (const statement of statements) {
    const plan = await em.execute<{ 'QUERY PLAN': string }[]>(`explain (analyze, costs off) ${statement}`)
    process.stdout.write(`${[statement, ...plan.map((line) => line['QUERY PLAN'])].join('\n')}\n`)
  }
  expect(ratios.filter(({ ratio, limit }) => ratio > limit)).toEqual([])
})

/** Fills the tables fast: without foreign key checks, and with the indexes built afterwards. */
async function fillTables(em: EntityManager): Promise<void> {
  await em.execute('set local session_replication_role = replica')
  const indexes = await em.execute<{ name: string; sql: string }[]>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as sql from pg_index
     where indrelid in ('users'::regclass, 'subscriptions'::regclass, 'payments'::regclass)
       and not exists (select 1 from pg_constraint where conindid = indexrelid)`,
  )
  for (const { name } of indexes) await em.execute(`drop index ${name}`)
  await em.execute(
    `insert into users (id, email, username, username_key, is_verified, is_active, is_admin, created_at, updated_at)
     select gen_random_uuid(), first || '.' || last || i || '@example.com', first || last || i, first || last || i,
       i % 10 > 0, i % 100 > 0, i % 100000 = 0, moment, moment
     from (select i, (array['ada', 'grace', 'alan', 'edsger', 'barbara'])[1 + i % 5] as first,
             (array['lovelace', 'hopper', 'turing', 'dijkstra', 'liskov', 'knuth', 'ritchie'])[1 + i % 7] as last,
             date_trunc('milliseconds', now() - i * interval '60 seconds') as moment
           from generate_series(1, ${MILLION}) i) people`,
  )
  await em.execute(
    `insert into subscriptions (id, user_id, plan_id, provider, status, price, currency, billing_period, started_at,
       current_period_start, current_period_end, created_at, updated_at)
     select gen_random_uuid(), u.id, p.id, 'stripe', (array['active', 'active', 'past_due', 'canceled', 'trialing'])[1 + u.n % 5],
       p.price_cents, 'usd', (array['monthly', 'yearly'])[1 + u.n % 2], now(), now(), now(), now(), now()
     from (select id, row_number() over () as n from users) u
     join (select id, price_cents, row_number() over () as n from plans where billing_period = 'monthly') p on p.n = 1 + u.n % 3`,
  )
  await em.execute(
    `insert into payments (id, user_id, provider, provider_invoice_id, amount, refunded, currency, status, created_at, updated_at)
     select gen_random_uuid(), id, 'stripe', 'in_' || n, 1900, 0, (array['usd', 'eur'])[1 + n % 2], 'succeeded',
       now() - n * interval '31 seconds', now() from (select id, row_number() over () as n from users) u`,
  )
  for (const { sql } of indexes) await em.execute(sql)
}
