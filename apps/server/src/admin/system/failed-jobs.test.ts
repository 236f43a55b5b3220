import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { allPages, anAdmin, auditOf, expectNewestFirst } from '../../../test/admin.ts'
import { until } from '../../../test/inbox.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { calm, failNext } from '../../../test/stripe.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('failed jobs', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  const failed = async () => (await api.admin.jobs.failed.query({ limit: 100 })).items
  const failedIn = async (queue: string, count = 1) =>
    until('the job to fail for good', async () => {
      const jobs = (await failed()).filter((job) => job.queue === queue)
      return jobs.length >= count && jobs
    })

  test('are listed with only the fields that their queue marks as safe', async () => {
    const mail = {
      mailId: crypto.randomUUID(),
      to: 'secret@example.com',
      template: 'no-such-template',
      props: { token: 'secret' },
    }
    await app.deps.boss.send('send-mail', mail, { retryLimit: 0 })
    const [job] = await failedIn('send-mail')
    expect(job).toMatchObject({
      queue: 'send-mail',
      attempts: 1,
      createdAt: expect.any(Date),
      error: expect.any(String),
    })
    expect(job?.data).toEqual({ mailId: mail.mailId, template: mail.template })
    expect(JSON.stringify(job)).not.toContain('secret')
  })

  test('go back into their queue once when admins retry them, and run', async () => {
    const payer = await aPayingUser(app, 'pro')
    const { em } = app.scope()
    const [event] = await em.execute<{ id: string }[]>(
      "select id from provider_events where type = 'invoice.paid' limit 1",
    )
    const eventId = event?.id ?? ''
    await failNext(app)
    await em.execute("update provider_events set status = 'received' where id = ?", [eventId])
    await app.deps.boss.send('apply-stripe-event', { eventId }, { retryLimit: 0 })
    const [job] = await failedIn('apply-stripe-event')
    expect(job?.data).toEqual({ eventId })
    const [shown] = (await api.admin.webhookEvents.list.query({ status: 'failed' })).items
    expect(shown).toMatchObject({ id: eventId, lastError: expect.any(String) })

    await calm(app)
    await em.execute("update subscriptions set status = 'unpaid' where user_id = ?", [payer.id])
    const { id = '' } = job ?? {}
    const outcomes = await Promise.all([1, 2, 3].map(() => reasonOf(api.admin.jobs.retry.mutate({ id }))))
    expect(outcomes.toSorted()).toEqual(['JOB_NOT_FOUND', 'JOB_NOT_FOUND', 'fine'])
    await until('the job to run', async () => {
      const [now] = (await api.admin.webhookEvents.list.query({ type: 'invoice.paid' })).items
      return now?.status === 'processed'
    })
    expect((await (await app.as(payer)).api.billing.subscriptions.current.query())?.status).toBe('active')
    expect((await failed()).map((each) => each.id)).not.toContain(id)
    expect(await auditOf(app, id)).toMatchObject([{ action: 'job.retry' }])
  })

  test('are listed newest first, in pages', async () => {
    for (const eventId of ['one', 'two', 'three']) {
      await app.deps.boss.send('apply-stripe-event', { eventId }, { retryLimit: 0 })
    }
    await failedIn('apply-stripe-event', 3)
    const all = await failed()
    expect(await allPages((cursor) => api.admin.jobs.failed.query({ limit: 2, cursor }))).toEqual(all)
    expectNewestFirst(all.map(({ createdAt }) => createdAt))
  })

  test('that do not exist cannot be retried', async () => {
    expect(await reasonOf(api.admin.jobs.retry.mutate({ id: crypto.randomUUID() }))).toBe('JOB_NOT_FOUND')
  })
})
