import { expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'
import { after } from '../../platform/clock.ts'
import { HOUR } from '../../platform/durations.ts'
import { mailEndedSubscriptions } from '../mails/mail-ended-subscriptions.ts'
import { expireSubscriptions } from './expire-subscriptions.ts'

/** The sweep's time, as a multiple of one update of the same rows: the target, and the limit that fails the test. */
const TARGETS = [
  { rows: 100_000, target: 1.15, atMost: 1.5 },
  { rows: 1_000_000, target: 1.25, atMost: 2 },
] as const

test.each(TARGETS)(
  'a sweep of $rows rows takes at most $atMost times as long as a single update',
  async ({ rows, target, atMost }) => {
    const single = await timeOf(rows, async (app) => {
      await app.scope().em.execute(
        `update subscriptions set status = 'canceled', ended_at = current_period_end, swept_at = now(), updated_at = now()
         where status <> 'canceled' and provider <> 'manual' and cancel_at_period_end and current_period_end <= now()`,
      )
    })
    let longestLock = 0
    let mailed = 0
    const swept = await timeOf(
      rows,
      async (app) => {
        const probe = watchLocks(app)
        const scope = app.scope()
        const time = { isWallTime: false, now: async () => after(new Date(), 2 * HOUR) }
        try {
          const { ended } = await expireSubscriptions({ ...scope, billing: { ...scope.billing, time } })
          expect(ended).toBe(rows)
        } finally {
          longestLock = await probe.stop()
        }
      },
      async (app) => {
        mailed = await seconds(() => mailAll(app))
        const [mails] = await app.scope().em.execute<{ count: number }[]>('select count(*)::int as count from mails')
        expect(mails?.count).toBe(rows)
      },
    )
    const ratio = swept / single
    process.stdout.write(
      `${rows} rows: one update ${single.toFixed(2)} s, sweep ${swept.toFixed(2)} s, ratio ${ratio.toFixed(2)} (target ${target}), ` +
        `longest wait for a row ${longestLock.toFixed(0)} ms, then emails queued in ${mailed.toFixed(1)} s\n`,
    )
    expect(ratio).toBeLessThan(atMost)
  },
  20 * 60_000,
)

/** SQL for a version 4 UUID that is always the same for the same text. */
const idOf = (text: string) => `overlay(overlay(md5(${text}) placing '4' from 13) placing '8' from 17)::uuid`

/** Fills a new database, and measures in seconds how long `work` takes on it. */
async function timeOf(
  rows: number,
  work: (app: TestApp) => Promise<void>,
  afterwards?: (app: TestApp) => Promise<void>,
): Promise<number> {
  await using app = await createTestApp({}, { worker: false })
  const { em } = app.scope()
  await em.execute(
    `insert into users (id, email, username, username_key, is_verified, created_at, updated_at)
     select ${idOf("'user' || n")}, n || '@sweep.example.com', 'u' || n, 'u' || n, true, now(), now()
     from generate_series(1, ?) n`,
    [rows],
  )
  await em.execute(
    `insert into subscriptions (id, user_id, plan_id, provider, provider_subscription_id, status, price_cents, currency,
       billing_period, started_at, current_period_start, current_period_end, cancel_at_period_end, cancel_at, created_at, updated_at)
     select ${idOf("'subscription' || n")}, ${idOf("'user' || n")}, (select id from plans where code = 'pro'), 'stripe',
       'sub_' || n, 'active', 1000, 'usd', 'monthly', now() - interval '60 days', now() - interval '31 days',
       now() - interval '1 minute' - (n % 86400) * interval '1 second', true,
       now() - interval '1 minute' - (n % 86400) * interval '1 second', now(), now()
     from generate_series(1, ?) n`,
    [rows],
  )
  await em.execute('vacuum analyze subscriptions')
  await em.execute('checkpoint')
  const took = await seconds(() => work(app))
  await afterwards?.(app)
  return took
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1_000
}

/** Locks random rows, as a customer's own transaction would, and measures the longest wait in milliseconds. */
function watchLocks(app: TestApp): { stop(): Promise<number> } {
  let longest = 0
  const stopped = new AbortController()
  const watching = (async () => {
    while (!stopped.signal.aborted) {
      const took = await seconds(async () => {
        const n = Math.ceil(Math.random() * 100_000)
        await app
          .scope()
          .em.execute(`select 1 from subscriptions where id = ${idOf("'subscription' || ?::int")} for update`, [n])
      })
      longest = Math.max(longest, took * 1_000)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await watching
      return longest
    },
  }
}

async function mailAll(app: TestApp): Promise<void> {
  for (;;) {
    const jobs = await app.deps.boss.fetch<Parameters<typeof mailEndedSubscriptions>[1]>('mail-ended-subscriptions')
    const [job] = jobs
    if (!job) return
    await mailEndedSubscriptions(app.scope(), job.data)
    await app.deps.boss.complete('mail-ended-subscriptions', job.id)
  }
}
