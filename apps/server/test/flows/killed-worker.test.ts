import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { aPayingUser } from '../billing.ts'
import { aMailTo, mailsTo, until } from '../inbox.ts'
import { createTestApp, type TestApp } from '../test-app.ts'

test('a worker killed while it applies an event loses nothing and doubles nothing', async () => {
  await using app = await createTestApp({}, { worker: false })
  const payer = await aPayingUser(app, 'pro', { wait: false })
  const { em } = app.scope()
  const events = async (where: string) => em.execute(`select 1 from provider_events where ${where}`)
  await until('the webhooks', async () => (await events("type = 'invoice.paid'")).length > 0)

  // Stripe answers slowly, so the worker is in the middle of its work when it dies.
  await fetch(`${app.stripe.url}/_/fail-next`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ count: 50, timeout: true }),
  })
  const doomed = startWorker(app)
  const someJobRuns = async () => {
    const running = await em.execute("select 1 from pgboss.job where name = 'apply-stripe-event' and state = 'active'")
    return running.length > 0
  }
  await until('a job that runs', someJobRuns, 40_000)
  await killed(doomed)
  expect(await events("status = 'processed'")).toEqual([])
  await fetch(`${app.stripe.url}/_/fail-next`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ count: 0 }),
  })

  const second = startWorker(app)
  try {
    await until(
      'every event to be applied',
      async () => (await events("status in ('received', 'failed')")).length === 0,
      60_000,
    )
    expect(await em.execute('select status from subscriptions where user_id = ?', [payer.id])).toEqual([
      { status: 'active' },
    ])
    expect(await em.execute('select status from payments where user_id = ?', [payer.id])).toEqual([
      { status: 'succeeded' },
    ])
    await aMailTo(payer.email, /has started/)
    expect((await mailsTo(payer.email)).filter(({ subject }) => /has started/.test(subject))).toHaveLength(1)
  } finally {
    await killed(second)
  }
}, 150_000)

function startWorker({ deps }: TestApp): ChildProcess {
  const { config } = deps
  const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  return spawn(process.execPath, [program, 'work'], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: config.DATABASE_URL,
      ACCESS_TOKEN_SECRET: config.ACCESS_TOKEN_SECRET.join(','),
      REFRESH_TOKEN_SECRET: config.REFRESH_TOKEN_SECRET.join(','),
      VALIDATION_TOKEN_SECRET: config.VALIDATION_TOKEN_SECRET.join(','),
      SMTP_URL: config.SMTP_URL,
      STRIPE_SECRET_KEY: config.STRIPE_SECRET_KEY,
      STRIPE_WEBHOOK_SECRET: config.STRIPE_WEBHOOK_SECRET.join(','),
      STRIPE_API_URL: config.STRIPE_API_URL,
      BILLING_CLOCK_URL: config.BILLING_CLOCK_URL,
    },
  })
}

async function killed(worker: ChildProcess): Promise<void> {
  const exit = once(worker, 'exit')
  worker.kill('SIGKILL')
  await exit
}
