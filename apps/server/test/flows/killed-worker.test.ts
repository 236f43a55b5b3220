import { expect, test } from 'vitest'
import { until } from '../inbox.ts'
import { aPayingUser, expectStartedOnce } from '../purchases.ts'
import { killed, startProcess } from '../server-process.ts'
import { calm, failNext } from '../stripe.ts'
import { createTestApp } from '../test-app.ts'

test('a worker that is killed while it applies an event loses nothing and repeats nothing', async () => {
  await using app = await createTestApp({}, { worker: false })
  const payer = await aPayingUser(app, 'pro', { wait: false })
  const { em } = app.scope()
  const events = async (where: string) => em.execute(`select 1 from provider_events where ${where}`)
  await until('the webhooks', async () => (await events("type = 'invoice.paid'")).length > 0)

  // Stripe answers slowly, so the worker is in the middle of its work when it dies.
  await failNext(app, { count: 50, timeout: true })
  const doomed = startProcess(app, 'work')
  const someJobRuns = async () => {
    const running = await em.execute("select 1 from pgboss.job where name = 'apply-stripe-event' and state = 'active'")
    return running.length > 0
  }
  await until('a job that runs', someJobRuns, 40_000)
  await killed(doomed)
  expect(await events("status = 'processed'")).toEqual([])
  await calm(app)

  const second = startProcess(app, 'work')
  try {
    await until(
      'every event to be applied',
      async () => (await events("status in ('received', 'failed')")).length === 0,
      60_000,
    )
    await expectStartedOnce(app, payer)
  } finally {
    await killed(second)
  }
}, 150_000)
