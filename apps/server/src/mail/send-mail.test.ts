import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../../test/inbox.ts'
import { firstOf } from '../../test/long.ts'
import { createTestMailServer, type TestMailServer, type Trouble } from '../../test/mail-server.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { newId } from '../platform/database/ids.ts'
import { SendMail } from './mail.queues.ts'
import { queueMail } from './queue-mail.ts'

interface QueuedJob {
  state: string
  retry_count: number
  retry_limit: number
  wait: number
}

describe('sending email', () => {
  let server: TestMailServer
  let app: TestApp
  beforeAll(async () => {
    server = await createTestMailServer()
    app = await createTestApp({ SMTP_URL: server.smtpUrl })
  })
  afterEach(() => {
    server.trouble = undefined
    server.taken.length = 0
  })
  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  const queueMails = async (count: number) => {
    const scope = app.scope()
    await scope.em.transactional(async (em) => {
      for (let n = 0; n < count; n++) {
        const [fact, to] = [`password-changed:${newId()}`, `reader-${newId()}@example.com`]
        const props = { username: 'ada', at: '2026-11-24T03:42:10.000Z' }
        await queueMail(em, scope, { fact, to, userId: null, template: 'password-changed', props })
      }
    })
  }
  const jobs = () =>
    app.scope().em.execute<QueuedJob[]>(
      `select state::text, retry_count, retry_limit, extract(epoch from start_after - now())::float as wait
       from pgboss.job where name = 'send-mail' and state in ('created', 'active', 'retry')`,
    )
  /** Waits until every email has failed this often and is due for a retry. */
  const failed = (attempts: number, count: number) =>
    until(`${count} emails to fail ${attempts} times`, async () => {
      const all = await jobs()
      return (
        all.length === count && all.every((job) => job.state === 'retry' && job.retry_count === attempts - 1) && all
      )
    })
  const letTimePass = () =>
    app.scope().em.execute("update pgboss.job set start_after = now() where name = 'send-mail' and state = 'retry'")
  const allSent = () => until('all emails to be sent', async () => (await jobs()).length === 0)

  test('survives an outage of the mail server: retries grow apart, and each email arrives once', async () => {
    await server.stop()
    await queueMails(25)
    const waits: number[] = []
    for (let attempt = 1; attempt <= 4; attempt++) {
      const waiting = await failed(attempt, 25)
      waits.push(Math.max(...waiting.map(({ wait }) => wait)))
      await letTimePass()
    }
    await failed(5, 25)
    const [first = 0, second = 0, third = 0, fourth = 0] = waits
    expect(first).toBeGreaterThan(2)
    expect([second > first, third > second, fourth > third]).toEqual([true, true, true])

    await server.start()
    await letTimePass()
    await allSent()
    expect(server.taken).toHaveLength(25)
    expect(new Set(server.taken).size).toBe(25)
  }, 60_000)

  test('has retries left after an outage of a day', () => {
    const { retryLimit, retryDelay, retryDelayMax } = SendMail
    // The minimum that pg-boss waits: half of a delay that doubles each time, up to the maximum.
    const delays = Array.from({ length: retryLimit }, (_, n) =>
      Math.min(retryDelayMax, retryDelay * 2 ** Math.min(15, n)),
    )
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(86_400)
  })

  const temporary: Record<string, Trouble> = {
    'hangs up before it has accepted the message': { at: 'data', answer: 'drop' },
    'denies us relaying': { at: 'rcpt', answer: { code: 550, text: '5.7.1 Relaying denied' } },
    'refuses our password': { at: 'auth', answer: { code: 535, text: '5.7.8 Authentication failed' } },
    'greylists us': { at: 'rcpt', answer: { code: 451, text: '4.7.1 Greylisted, come later' } },
    'has a full mailbox': { at: 'rcpt', answer: { code: 452, text: '4.2.2 Mailbox full' } },
    'refuses our sender address': { at: 'from', answer: { code: 553, text: '5.1.8 Sender refused' } },
    'refuses the message': { at: 'data', answer: { code: 554, text: '5.6.0 Message refused' } },
  }
  test.each(firstOf(3, Object.keys(temporary)))(
    'is retried when the mail server %s, and delivers the email once',
    async (name) => {
      await server.stop() // drops connections that are already logged in
      await server.start()
      server.trouble = temporary[name]
      await queueMails(1)
      await failed(1, 1)
      expect(server.taken).toEqual([])
      server.trouble = undefined
      await letTimePass()
      await allSent()
      expect(server.taken).toHaveLength(1)
    },
  )

  test('is not retried when the server permanently refuses the address, until an admin asks for it', async () => {
    const { api } = await app.as(await app.aUser({ isAdmin: true }))
    server.trouble = { at: 'rcpt', answer: { code: 550, text: '5.1.1 No such mailbox' } }
    await queueMails(1)
    const [failedJob] = await until('the job to fail for good', async () => {
      const { items } = await api.admin.jobs.failed.query({})
      return items.length > 0 && items
    })
    expect(failedJob).toMatchObject({ queue: 'send-mail', attempts: 1, data: { template: 'password-changed' } })
    expect(failedJob?.error).toBe('The mail server refuses this address: 550 5.1.1 No such mailbox')
    expect(await jobs()).toEqual([])

    server.trouble = undefined
    await api.admin.jobs.retry.mutate({ id: failedJob?.id ?? '' })
    await until('the email to arrive', async () => server.taken.length === 1)
    expect((await api.admin.jobs.failed.query({})).items).toEqual([])
  })

  test('uses few connections for many emails', async () => {
    const before = server.connections
    await queueMails(150)
    await allSent()
    expect(new Set(server.taken).size).toBe(150)
    expect(server.connections - before).toBeLessThanOrEqual(10)
  })

  test('skips addresses at github.local, even if an older version has queued the email', async () => {
    const scope = app.scope()
    const to = 'octocat@github.local'
    const content = {
      template: 'password-changed',
      props: { username: 'octocat', at: '2026-11-24T03:42:10.000Z' },
    } as const
    const mailId = newId()
    await scope.em.transactional(async (em) => {
      await queueMail(em, scope, { fact: `password-changed:${newId()}`, to, userId: null, ...content })
      // As if an older version had queued it.
      await em.execute('insert into mails (id, fact, template, recipient, created_at) values (?, ?, ?, ?, now())', [
        ...[mailId, `password-changed:${mailId}`, content.template, to],
      ])
      await scope.jobs.send(em, SendMail, { mailId, to, ...content })
    })
    await allSent()
    expect(server.taken).toEqual([])
    expect(await scope.em.execute('select id from mails where recipient = ?', [to])).toEqual([{ id: mailId }])
  })
})
