import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, tokenIn, until } from '../inbox.ts'
import { payOnPage } from '../pay.ts'
import { createTestApp, WEBHOOK_SECRET, type TestApp } from '../test-app.ts'

// The shortcuts of the hot path have plain paths behind them, which must give the same results.
describe.each([
  ['with all shortcuts', { joinedJobs: true, plainCalls: true }],
  ['with rows and jobs in separate statements', { joinedJobs: false, plainCalls: true }],
  ["with tRPC's own adapter", { joinedJobs: true, plainCalls: false }],
])('%s', (how, shortcuts) => {
  let app: TestApp
  beforeAll(async () => (app = await createTestApp({}, { shortcuts })))
  afterAll(() => app[Symbol.asyncDispose]())
  const name = how.replaceAll(/\W/g, '.').toLowerCase()
  const password = 'correct horse battery'

  test('a person signs up, verifies the address, pays, and is in', async () => {
    const { api } = app.client()
    const email = `${name}@example.com`
    await api.auth.register.mutate({ email, username: 'payer', password })
    await api.auth.verifyEmail.mutate({ token: tokenIn(await aMailTo(email, /verify/)) })
    await api.auth.login.mutate({ email, password })
    const { checkoutUrl } = await api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    await payOnPage(checkoutUrl)
    await until('access', async () => (await api.billing.subscriptions.current.query())?.hasAccess)
    expect((await aMailTo(email, /subscription has started/)).text).toContain('$19.00')
  })

  test('of several people who sign up with one address at once, one gets an account and one mail', async () => {
    const email = `race.${name}@example.com`
    const signUps = await Promise.allSettled(
      [1, 2, 3].map((n) => app.client().api.auth.register.mutate({ email, username: `racer${n}`, password })),
    )
    const refused = signUps.flatMap((signUp) => (signUp.status === 'rejected' ? [signUp.reason] : []))
    expect(refused).toMatchObject([{ data: { reason: 'EMAIL_TAKEN' } }, { data: { reason: 'EMAIL_TAKEN' } }])
    await until('the mail', async () => (await mailsTo(email)).length > 0)
    expect(await mailsTo(email)).toHaveLength(1)
  })

  test('an event that Stripe delivers several times at once is stored once and gets one job', async () => {
    await app.stopWorker()
    const event = { id: 'evt_repeated', object: 'event', type: 'invoice.paid', created: 1_790_000_000, livemode: false }
    const body = JSON.stringify({ ...event, data: { object: { id: 'in_1', object: 'invoice', customer: 'cus_1' } } })
    expect(await Promise.all([1, 2, 3, 4].map(() => deliver(app, body)))).toEqual([200, 200, 200, 200])
    const { em } = app.scope()
    const rows = await em.execute<{ id: string }[]>(
      "select id from provider_events where provider_event_id = 'evt_repeated'",
    )
    expect(rows).toHaveLength(1)
    const jobs = await em.execute(
      "select id from pgboss.job where name = 'apply-stripe-event' and data->>'eventId' = ?",
      [rows[0]?.id],
    )
    expect(jobs).toEqual(rows)
  })
})

async function deliver(app: TestApp, body: string): Promise<number> {
  const at = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', WEBHOOK_SECRET).update(`${at}.${body}`).digest('hex')
  const { status } = await fetch(`${app.url}/billing/stripe/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'stripe-signature': `t=${at},v1=${signature}` },
    body,
  })
  return status
}
