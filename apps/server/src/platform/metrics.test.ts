import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { createTestApp } from '../../test/test-app.ts'

const TOKEN = 'a token for Prometheus alone'

async function valueOf(url: string, line: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `))
  return found === undefined ? Number.NaN : Number(found.slice(line.length + 1))
}

test('metrics count calls, logins and refreshes by outcome, and show queues, events, mails, and the pool', async () => {
  await using app = await createTestApp({}, { worker: false })
  const user = await app.aUser()
  const { api } = await app.as(user)
  await api.auth.me.query()
  await api.auth.refresh.mutate()
  await expect(app.client().api.auth.login.mutate({ email: user.email, password: 'wrong password' })).rejects.toThrow(
    'password',
  )
  await expect(app.client().api.auth.refresh.mutate()).rejects.toThrow('log in')
  const email = `${randomUUID()}@example.com`
  await app
    .client()
    .api.auth.register.mutate({ email, username: randomUUID().slice(0, 20), password: 'a long password' })

  await app
    .scope()
    .em.execute(`select add_event('subscription.changed', 'subscription', 'broken', null, '{"plan_id":"none"}')`)
  await app.deps.events.sequence()

  const value = (line: string) => valueOf(app.url, line)
  expect(await value('tollgate_procedure_calls_total{procedure="auth.me",outcome="ok"}')).toBe(1)
  expect(await value('tollgate_procedure_duration_seconds_count{procedure="auth.me"}')).toBe(1)
  expect(await value('tollgate_logins_total{method="password",outcome="ok"}')).toBe(1)
  expect(await value('tollgate_logins_total{method="password",outcome="INVALID_CREDENTIALS"}')).toBe(1)
  expect(await value('tollgate_refreshes_total{outcome="ok"}')).toBe(1)
  expect(await value('tollgate_refreshes_total{outcome="REFRESH_TOKEN_MISSING"}')).toBe(1)
  expect(await value('tollgate_queue_waiting_jobs{queue="dead-letter"}')).toBe(0)
  expect(await value('tollgate_mails_last_hour{state="waiting"}')).toBe(1)
  expect(await value('tollgate_webhook_open_events')).toBe(0)
  expect(await value('tollgate_events_held')).toBe(1)
  expect(await value('tollgate_events_oldest_seconds')).toBeGreaterThan(0)
  expect(await value('tollgate_deliveries{state="waiting"}')).toBe(0)
  expect(await value('tollgate_deliveries_oldest_seconds')).toBe(0)
  expect(await value('tollgate_webhook_endpoints{state="off"}')).toBe(0)
  expect(await value('tollgate_webhook_lag_seconds{quantile="0.99"}')).toBe(0)
  expect(await value('tollgate_database_connections{state="idle"}')).toBeGreaterThan(0)
  expect(await value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
})

test('unknown procedures and routes add no series to the metrics', async () => {
  await using app = await createTestApp({}, { worker: false })
  await fetch(`${app.url}/trpc/made.up`)
  await fetch(`${app.url}/made/up`)
  const text = await (await fetch(`${app.url}/metrics`)).text()
  expect(text).not.toContain('made')
})

test('in production, only the token gives access to the metrics', async () => {
  const production = { NODE_ENV: 'production', API_URL: 'https://api.example.com', WEB_URL: 'https://app.example.com' }
  await using app = await createTestApp(
    { ...production, METRICS_TOKEN: TOKEN, STRIPE_API_URL: '', BILLING_CLOCK_URL: '' },
    { worker: false },
  )
  const ask = (authorization?: string) =>
    fetch(`${app.url}/metrics`, authorization === undefined ? {} : { headers: { authorization } })
  expect((await ask()).status).toBe(401)
  expect((await ask(`Bearer ${TOKEN}!`)).status).toBe(401)
  expect((await ask(`Bearer ${TOKEN}`)).status).toBe(200)
})
