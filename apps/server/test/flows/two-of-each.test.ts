import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aMailTo, mailsTo, until } from '../inbox.ts'
import { GOOD_CARD, payOnPage } from '../pay.ts'
import { eventsDone } from '../progress.ts'
import { aGrant, expectStartedOnce } from '../purchases.ts'
import { reasonOf } from '../rejection.ts'
import { freePort, startedProcess } from '../server-process.ts'
import { aServiceKey } from '../service-keys.ts'
import { createTestApp, WEBHOOK_SECRET, type TestApp, type TestUser } from '../test-app.ts'

const SWEEP = 'expire-subscriptions'

describe('two API and two worker processes on one database', () => {
  let running: AsyncDisposableStack
  let app: TestApp
  let apis: readonly [string, string]
  let lapsed: TestUser
  beforeAll(async () => {
    running = new AsyncDisposableStack()
    const ports = [await freePort(), await freePort()] as const
    apis = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`]
    // Stripe sends every event to both.
    const webhookEndpoints = apis.map((url) => ({ url: `${url}/billing/stripe/webhook`, secret: WEBHOOK_SECRET }))
    app = running.use(await createTestApp({}, { worker: false, sandbox: { webhookEndpoints } }))
    lapsed = await app.aUser()
    await aGrant(app, lapsed, 'pro')
    await app.scope().em.execute("update subscriptions set current_period_end = now() - interval '1 minute'")
    await sweepEveryMinute(app)

    const limits = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT: '6/1m' }
    const starting = [
      ...ports.map((port) => startedProcess(app, 'serve', { ...limits, PORT: String(port) })),
      ...['first', 'second'].map(() => startedProcess(app, 'work')),
    ]
    for (const process of await Promise.all(starting)) running.use(process)
  }, 90_000)
  afterAll(async () => {
    const { cursor } = await revocations(apis[0])
    const waiting = revocations(apis[0], `?wait=25&after=${cursor}`)
    await revocations(apis[0]) // so the call before has arrived
    const [stopped] = await Promise.all([waiting, running.disposeAsync()])
    expect(stopped).toEqual({ sessions: [], cursor: expect.any(String) })
  })

  const clientAt = (url: string) => app.client({ url })

  test('share their limits', async () => {
    const calls = Array.from({ length: 12 }, (_, n) =>
      reasonOf(clientAt(apis[n % 2] ?? '').api.auth.forgotPassword.mutate({ email: `n${n}@example.com` })),
    )
    const reasons = await Promise.all(calls)
    expect(reasons.toSorted()).toEqual([...Array(6).fill('RATE_LIMITED'), ...Array(6).fill('fine')])
  })

  let key: string | undefined
  async function revocations(url: string, query = '') {
    key ??= await aServiceKey(app, 'introspect')
    const response = await fetch(`${url}/v1/revocations${query}`, { headers: { authorization: `Bearer ${key}` } })
    return (await response.json()) as { sessions: { id: string }[]; cursor: string }
  }

  test('tell a program of a session that ended at the other', async () => {
    const session = await logIn(clientAt(apis[0]), await app.aUser())
    const [{ id } = { id: '' }] = await session.api.sessions.list.query()
    let { cursor } = await revocations(apis[0])
    await session.api.auth.logout.mutate()
    const heard: string[] = []
    while (!heard.includes(id)) {
      const news = await revocations(apis[1], `?wait=25&after=${cursor}`)
      expect(news.sessions).not.toEqual([]) // the wait ended because something did
      heard.push(...news.sessions.map((each) => each.id))
      cursor = news.cursor
    }
  })

  test('give a refresh cookie that is used at both of them one successor', async () => {
    const { email, password } = await app.aUser()
    const [cookie] = await cookieFrom(`${apis[0]}/login`, '', { email, password })
    const rotated = await Promise.all(
      Array.from({ length: 10 }, (_, n) => cookieFrom(`${apis[n % 2]}/refresh-token`, cookie ?? '')),
    )
    const successors = new Set(rotated.flat())
    expect(successors.size).toBe(1)
    expect(successors).not.toContain(cookie)
    const tokens =
      'select t.jti from refresh_tokens t join sessions s on s.id = t.session_id join users u on u.id = s.user_id'
    expect(await app.scope().em.execute(`${tokens} where u.email = ?`, [email])).toHaveLength(2)
    // The chain continues at either.
    for (const url of apis) expect(await cookieFrom(`${url}/refresh-token`, [...successors][0] ?? '')).toHaveLength(1)
  })

  test('apply an event that both received once', async () => {
    const payer = await app.aUser()
    const [one, other] = [await logIn(clientAt(apis[0]), payer), clientAt(apis[1])]
    const { checkoutUrl } = await one.api.billing.subscriptions.subscribe.mutate({ planCode: 'pro' })
    await payOnPage(checkoutUrl, GOOD_CARD)
    await until('access', async () => (await one.api.billing.subscriptions.current.query())?.hasAccess, 20_000)
    await eventsDone(app)

    const deliveries = (await (await fetch(`${app.stripe.url}/_/deliveries`)).json()) as {
      eventId: string
      url: string
    }[]
    const events = new Set(deliveries.map(({ eventId }) => eventId))
    expect(events.size).toBeGreaterThan(3)
    for (const eventId of events)
      expect(new Set(deliveries.filter((one) => one.eventId === eventId).map(({ url }) => url)).size).toBe(2)

    const { em } = app.scope()
    const ids = [...events].toSorted()
    const stored = await em.execute<{ id: string }[]>('select provider_event_id as id from provider_events')
    expect(stored.map(({ id }) => id).toSorted()).toEqual(ids)
    const jobs = await em.execute<{ event: string }[]>(
      "select data ->> 'eventId' as event from pgboss.job where name = 'apply-stripe-event'",
    )
    expect(jobs.length).toBeGreaterThan(0)
    expect(new Set(jobs.map(({ event }) => event)).size).toBe(jobs.length)
    await expectStartedOnce(app, payer)
    await logIn(other, payer)
    expect((await other.api.billing.entitlement.query()).tier).toBe('pro')
  })

  test('run a scheduled sweep once', async () => {
    await aMailTo(lapsed.email, /ended|canceled/i)
    const { em } = app.scope()
    const sweeps = await em.execute('select id from pgboss.job where name = ?', [SWEEP])
    // pg-boss files each time of the schedule in a slot, and turns it into one job of this kind.
    const slots = await em.execute<{ slot: string }[]>(
      "select data ->> 'slot' as slot from pgboss.job where name = '__pgboss__send-it' and data ->> 'name' = ?",
      [SWEEP],
    )
    expect(sweeps.length).toBeGreaterThan(0)
    expect(new Set(slots.map(({ slot }) => slot)).size).toBe(slots.length)
    expect(sweeps.length).toBeLessThanOrEqual(slots.length)
    expect(await mailsTo(lapsed.email)).toHaveLength(1)
  })
})

async function logIn(client: TollgateClient, { email, password }: TestUser): Promise<TollgateClient> {
  await client.api.auth.login.mutate({ email, password })
  return client
}

/** Returns the cookies that an answer sets. */
async function cookieFrom(url: string, cookie: string, body?: object): Promise<string[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  expect([response.status, response.ok ? '' : await response.text()]).toEqual([200, ''])
  return response.headers.getSetCookie().map((one) => one.split(';')[0] ?? '')
}

/**
 * Makes the hourly sweep due every minute. Every process believes that no other one has looked at the schedule, so that
 * each tries to queue the job.
 */
async function sweepEveryMinute(app: TestApp): Promise<void> {
  const { em } = app.scope()
  await em.execute(`create function due_every_minute() returns trigger language plpgsql as $$
    begin if new.name = '${SWEEP}' then new.cron := '* * * * *'; end if; return new; end $$`)
  await em.execute(`create trigger due_every_minute before insert or update on pgboss.schedule
    for each row execute function due_every_minute()`)
  await em.execute(`create function not_looked_at() returns trigger language plpgsql as $$
    begin new.cron_on := null; return new; end $$`)
  await em.execute(`create trigger not_looked_at before update of cron_on on pgboss.version
    for each row execute function not_looked_at()`)
  await em.execute('update pgboss.version set cron_on = null')
  await em.execute(
    `insert into pgboss.schedule (name, cron, timezone, data) values ('${SWEEP}', '* * * * *', 'UTC', '{}')`,
  )
}
