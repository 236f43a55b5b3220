import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createTollgateClient } from '@tollgate/client'
import { expect, test } from 'vitest'
import { aMailTo, mailsTo, tokenIn, until } from '../inbox.ts'
import { payOnPage } from '../pay.ts'
import { eventsDone } from '../progress.ts'
import { freePort, killed, startProcess } from '../server-process.ts'
import { ledgerOf, stripeClient } from '../stripe.ts'
import { createTestApp, WEBHOOK_SECRET, type TestApp } from '../test-app.ts'

const PATIENCE = 240_000
const USERS = 20
/** Register, verify, log in, subscribe, sync, change, cancel, resume, cancel, log in again. */
const WRITES = 10
const KILLS = 10
const SIDE_BY_SIDE = 4

test('API and worker are killed ten times during 200 writes, and every write that was answered took effect once', async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const sandbox = {
    webhookEndpoints: [{ url: `${url}/billing/stripe/webhook`, secret: WEBHOOK_SECRET }],
    retryDelaysMs: [300, 600, 1_200, 2_400, 5_000, 10_000, 20_000, 40_000],
  }
  await using app = await createTestApp({}, { worker: false, sandbox })
  await using processes = startBoth(app, port)

  const acknowledged: string[] = []
  const killing = killAndRestart(processes, () => acknowledged.length)
  const accounts = Array.from({ length: USERS }, () => anAccount())
  const waiting = [...accounts]
  const next = async (): Promise<void> => {
    const account = waiting.shift()
    if (!account) return
    await live(url, account, (write) => acknowledged.push(`${account.username}: ${write}`))
    await next()
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, next))
  expect(acknowledged).toHaveLength(USERS * WRITES)
  expect(await killing).toBe(KILLS)

  await app.stripe.drained(PATIENCE)
  await until('all jobs', async () => (await openJobs(app)).length === 0, PATIENCE)
  await eventsDone(app)
  for (const account of accounts) await expectComplete(app, account)
  const { em } = app.scope()
  expect(await em.execute("select name, data, output from pgboss.job where state <> 'completed'")).toEqual([])
  expect(await em.execute("select type, last_error from provider_events where status = 'failed'")).toEqual([])
})

interface Account {
  email: string
  username: string
  password: string
}

function anAccount(): Account {
  const username = `kill-${randomUUID().slice(0, 8)}`
  return { username, email: `${username}@example.com`, password: 'correct horse battery' }
}

/** One user's writes, each repeated until it is answered. */
async function live(url: string, account: Account, tell: (write: string) => void): Promise<void> {
  const { api } = createTollgateClient({ url, cookies: 'memory' })
  const write = async <T>(name: string, call: () => Promise<T>): Promise<T | null> => {
    const done = await insist(call)
    tell(name)
    return done
  }
  const { subscriptions } = api.billing
  await write('register', () => api.auth.register.mutate(account))
  const mail = await until(
    'the mail',
    async () => aMailTo(account.email, /verify/).catch(() => false as const),
    PATIENCE,
  )
  await write('verify', () => api.auth.verifyEmail.mutate({ token: tokenIn(mail) }))
  await write('log in', () => api.auth.login.mutate(account))
  const page = await write('subscribe', () => subscriptions.subscribe.mutate({ planCode: 'pro' }))
  if (!page) throw new Error('There is no payment page.')
  await payOnPage(page.checkoutUrl)
  await write('sync', () => subscriptions.sync.mutate({ sessionId: page.sessionId }))
  await write('change', () => subscriptions.change.mutate({ planCode: 'vip' }))
  await write('cancel', () => subscriptions.cancel.mutate())
  await write('resume', () => subscriptions.resume.mutate())
  await write('cancel again', () => subscriptions.cancel.mutate())
  await write('log in again', () => api.auth.login.mutate(account))
  expect((await insist(() => api.auth.me.query()))?.email).toBe(account.email)
}

/** Reasons that do not say whether the call took effect. All others are answers. */
const NO_ANSWER = new Set(['PAYMENT_PROVIDER_ERROR', 'INTERNAL_ERROR', undefined])

/** @returns null if an earlier try took effect although its answer was lost. */
async function insist<T>(call: () => Promise<T>): Promise<T | null> {
  const deadline = Date.now() + PATIENCE
  for (let tries = 1; ; tries++) {
    try {
      return await call()
    } catch (error) {
      const { reason } = (error as { data?: { reason?: string } }).data ?? {}
      const isAnswer = !NO_ANSWER.has(reason)
      if (isAnswer && tries > 1) return null
      if (isAnswer || Date.now() > deadline) throw error
      await pause(200)
    }
  }
}

interface Processes extends AsyncDisposable {
  kill(which: 'serve' | 'work'): Promise<void>
}

function startBoth(app: TestApp, port: number): Processes {
  const start = (verb: 'serve' | 'work') => startProcess(app, verb, { PORT: String(port) })
  const running: Record<'serve' | 'work', ChildProcess> = { serve: start('serve'), work: start('work') }
  return {
    async kill(which) {
      await killed(running[which])
      running[which] = start(which)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([killed(running.serve), killed(running.work)])
    },
  }
}

/** Kills API and worker by turns, evenly over all writes, each a moment after a write was answered. */
async function killAndRestart(processes: Processes, written: () => number): Promise<number> {
  let kills = 0
  while (kills < KILLS) {
    const due = ((kills + 0.5) * USERS * WRITES) / KILLS
    await until('the next kill', async () => written() >= due, PATIENCE)
    await pause(Math.random() * 300)
    await processes.kill(kills % 2 === 0 ? 'serve' : 'work')
    kills += 1
  }
  return kills
}

async function openJobs(app: TestApp): Promise<unknown[]> {
  return app.scope().em.execute("select 1 from pgboss.job where state in ('created', 'retry', 'active') limit 1")
}

/** Every write that was answered took effect once, here and at Stripe, and every mail was sent once. */
async function expectComplete(app: TestApp, { email, username }: Account): Promise<void> {
  const { em } = app.scope()
  const rows = async (sql: string) => em.execute<Record<string, unknown>[]>(sql, [email])
  const ofUser = 'user_id = (select id from users where email = ?)'
  expect(await rows('select username, is_verified from users where email = ?')).toEqual([
    { username, is_verified: true },
  ])
  expect(await rows(`select 1 from profiles where ${ofUser}`)).toHaveLength(1)
  expect(
    await rows(
      `select s.status, p.code, s.cancel_at_period_end from subscriptions s join plans p on p.id = s.plan_id where s.${ofUser}`,
    ),
  ).toEqual([{ status: 'active', code: 'vip', cancel_at_period_end: true }])

  const customers = (await stripeClient(app).customers.list({ email })).data
  expect(customers).toHaveLength(1)
  const { charged, refunded, invoices } = await ledgerOf(app, customers[0]?.id ?? '')
  expect(invoices.map(([reason]) => reason)).toEqual(['subscription_create', 'subscription_update'])
  const payments = await rows(`select amount_cents, status from payments where ${ofUser}`)
  expect(payments.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
  expect(payments.reduce((sum, { amount_cents }) => sum + Number(amount_cents), 0)).toBe(charged)
  expect(refunded).toBe(0)

  const facts = await rows(
    'select template, sent_at is not null as is_sent from mails where recipient = ? order by template',
  )
  const templates = ['plan-changed', 'subscription-started', 'subscription-will-cancel', 'verify-email']
  expect([...new Set(facts.map(({ template }) => template))]).toEqual(templates)
  expect(facts.every(({ is_sent }) => is_sent)).toBe(true)
  const messages = new Set((await mailsTo(email)).map(({ messageId }) => messageId))
  expect(messages.size).toBe(facts.length)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
