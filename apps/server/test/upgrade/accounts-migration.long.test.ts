import { createTollgateClient } from '@tollgate/client'
import { startStripeSandbox } from '@tollgate/stripe-sandbox'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { freePort } from '../server-process.ts'
import { WEBHOOK_SECRET } from '../test-app.ts'
import { createEmptyDatabase } from '../test-database.ts'
import { run, start, versionOf } from './previous-version.ts'
import { environment, live, startTraffic } from './traffic.ts'

/** The last version in which users paid, not accounts. */
const BEFORE_ACCOUNTS = '76f126e4982045d61be5b57afcf71d29d8adbfa8'
const USERS = 200_000
const PAYERS = 60_000
/** Longer than this, nobody may wait because of the migration, in milliseconds. */
const LONGEST_WAIT = 2_000

const NOW = new URL('../../src/main.ts', import.meta.url).pathname

test('200,000 users get accounts while the previous version runs, and it goes on working', async () => {
  await using stack = new AsyncDisposableStack()
  const before = stack.use(versionOf(BEFORE_ACCOUNTS))
  const { url: databaseUrl } = stack.use(await createEmptyDatabase())
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const stripe = stack.use(
    await startStripeSandbox({ webhookEndpoints: [{ url: `${url}/billing/stripe/webhook`, secret: WEBHOOK_SECRET }] }),
  )
  const env = environment({ databaseUrl, url, port, stripe })
  await run(before.program, 'migrate', env)
  await run(before.program, 'seed', { ...env, SEED_ADMIN_EMAIL: '', SEED_USER_EMAIL: '' })

  const database = new Client({ connectionString: databaseUrl })
  await database.connect()
  stack.defer(() => database.end())
  await furnish(database)
  stack.use(await start(before.program, 'serve', env))
  stack.use(await start(before.program, 'work', env))

  const earlier = await live(url)
  const traffic = startTraffic(url, earlier)
  const waits = watchWaits(databaseUrl)
  const startedAt = performance.now()
  await run(NOW, 'migrate', env)
  const took = performance.now() - startedAt
  const [calls, longestWait] = [await traffic.stop(), await waits.stop()]
  const slowest = Math.max(...calls.map(({ ms }) => ms))
  console.log(
    `migrated ${USERS} users and ${PAYERS} payers in ${Math.round(took)} ms; ` +
      `${calls.length} calls meanwhile, the slowest took ${Math.round(slowest)} ms; ` +
      `the longest wait for a lock was ${Math.round(longestWait)} ms`,
  )
  expect(calls.filter(({ failure }) => failure)).toEqual([])
  expect(calls.length).toBeGreaterThan(20)
  expect(longestWait).toBeLessThan(LONGEST_WAIT)

  // The previous version goes on: it signs up, sells, and shows.
  const later = await live(url)
  for (const { id } of [earlier, later, ...(await traffic.people())]) await expectMoved(database, id)
  expect(
    (
      await database.query(
        `select (select count(*)::int from users) - (select count(*)::int from accounts where kind = 'personal') as without,
           (select count(*)::int from users left join members on members.account_id = users.id and members.user_id = users.id
            where role is distinct from 'owner') as unowned,
           (select count(*)::int from subscriptions where account_id <> user_id) as moved_wrongly`,
      )
    ).rows,
  ).toEqual([{ without: 0, unowned: 0, moved_wrongly: 0 }])

  // This version beside it, on the same rows.
  const nextPort = await freePort()
  stack.use(await start(NOW, 'serve', { ...env, PORT: String(nextPort), API_URL: `http://127.0.0.1:${nextPort}` }))
  for (const person of [earlier, later]) {
    const { api } = createTollgateClient({ url: `http://127.0.0.1:${nextPort}`, cookies: 'memory' })
    await api.auth.login.mutate(person)
    expect(await api.billing.subscriptions.current.query()).toMatchObject({ accountId: person.id, hasAccess: true })
  }
}, 900_000)

/** Users and payers as of long ago, in the previous version's schema. */
async function furnish(database: Client): Promise<void> {
  await database.query(`
    insert into users (id, email, username, username_key, is_verified, created_at, updated_at)
    select gen_random_uuid(), 'old' || n || '@example.com', 'old' || n, 'old' || n, true, now(), now()
    from generate_series(1, ${USERS}) n;
    insert into profiles (user_id, updated_at) select id, now() from users;
    insert into customers (id, user_id, provider_customer_id, created_at)
    select gen_random_uuid(), id, 'cus_' || username, now() from users limit ${PAYERS};
    insert into subscriptions (id, user_id, plan_id, provider, provider_subscription_id, status, price, currency,
      billing_period, started_at, current_period_start, current_period_end, created_at, updated_at)
    select gen_random_uuid(), user_id, (select id from plans where code = 'pro'), 'stripe', 'sub_' || user_id, 'active', 1900,
      'usd', 'monthly', now(), now(), now() + interval '1 year', now(), now() from customers;
    insert into payments (id, user_id, provider, provider_invoice_id, amount, refunded, currency, status, created_at, updated_at)
    select gen_random_uuid(), user_id, 'stripe', 'in_' || n || user_id, 1900, 0, 'usd', 'succeeded', now(), now()
    from customers, generate_series(1, 3) n;`)
  await database.query('analyze')
}

/** Looks twenty times a second for the longest wait of any statement for a lock, in milliseconds. */
function watchWaits(connectionString: string) {
  const over = new AbortController()
  let longest = 0
  const watching = (async () => {
    const client = new Client({ connectionString })
    await client.connect()
    while (!over.signal.aborted) {
      const { rows } = await client.query<{ ms: number | null }>(
        `select max(extract(epoch from clock_timestamp() - waitstart) * 1000)::float as ms from pg_locks
         join pg_stat_activity using (pid)
         where not granted and locktype = 'relation' and query not ilike 'create%index concurrently%'`,
      )
      longest = Math.max(longest, rows[0]?.ms ?? 0)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await client.end()
  })()
  return {
    async stop(): Promise<number> {
      over.abort()
      await watching
      return longest
    },
  }
}

async function expectMoved(database: Client, id: string): Promise<void> {
  const { rows } = await database.query(
    `select account.kind, member.role,
       (select count(*)::int from customers where account_id = $1 and user_id = $1) as customers,
       (select count(*)::int from subscriptions where account_id = $1 and user_id = $1) as subscriptions,
       (select count(*)::int from payments where account_id = $1 and user_id = $1) as payments
     from accounts account join members member on member.account_id = account.id and member.user_id = $1
     where account.id = $1`,
    [id],
  )
  expect(rows).toEqual([{ kind: 'personal', role: 'owner', customers: 1, subscriptions: 1, payments: 1 }])
}
