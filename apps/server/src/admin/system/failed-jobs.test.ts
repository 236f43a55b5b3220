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

  test('go back into their queue all at once, or those of one queue', async () => {
    const added = ['four', 'five']
    for (const eventId of added) await app.deps.boss.send('apply-stripe-event', { eventId }, { retryLimit: 0 })
    const isAdded = (job: { data: Record<string, unknown> }) => added.includes(String(job.data['eventId']))
    await until('both to fail', async () => (await failed()).filter(isAdded).length === 2)
    const ofQueue = await api.admin.jobs.list.query({ state: 'failed', queue: 'apply-stripe-event', limit: 100 })
    expect(new Set(ofQueue.items.map(({ queue }) => queue))).toEqual(new Set(['apply-stripe-event']))
    expect(ofQueue.items.filter(isAdded)).toHaveLength(2)
    const counts = (await api.admin.jobs.counts.query()).queues
    expect(counts.find(({ queue }) => queue === 'apply-stripe-event')?.failed).toBe(ofQueue.items.length)

    const retried = { retried: ofQueue.items.length, hasMore: false }
    expect(await api.admin.jobs.retryAll.mutate({ queue: 'apply-stripe-event' })).toEqual(retried)
    const [entry] = (await auditOf(app, 'apply-stripe-event')).toReversed()
    expect(entry).toMatchObject({ action: 'job.retry_failed', after: retried })
    expect((await failed()).some(({ queue }) => queue === 'send-mail')).toBe(true)
    expect((await failed()).filter(isAdded)).toEqual([])
  })

  test('can be discarded, once', async () => {
    await app.deps.boss.send('apply-stripe-event', { eventId: 'seven' }, { retryLimit: 0 })
    const [job] = await failedIn('apply-stripe-event')
    const { id = '' } = job ?? {}
    const outcomes = await Promise.all([1, 2].map(() => reasonOf(api.admin.jobs.discard.mutate({ id }))))
    expect(outcomes.toSorted()).toEqual(['JOB_NOT_FOUND', 'fine'])
    expect((await failed()).map((each) => each.id)).not.toContain(id)
    expect(await auditOf(app, id)).toMatchObject([
      { action: 'job.discard', before: { queue: 'apply-stripe-event', eventId: job?.data['eventId'] } },
    ])
  })

  test('that wait for their next attempt are listed with their error, and run at once when asked', async () => {
    await app.deps.boss.send('apply-stripe-event', { eventId: 'six' }, { retryDelay: 3_600 })
    const six = async () => {
      const { items } = await api.admin.jobs.list.query({ state: 'retry', queue: 'apply-stripe-event', limit: 100 })
      return items.find(({ data }) => data['eventId'] === 'six')
    }
    const waiting = await until('the job to wait', six)
    expect(waiting).toMatchObject({ queue: 'apply-stripe-event', state: 'retry', attempts: 1 })
    expect(waiting.error).toContain('eventId')
    expect(waiting.dueAt.getTime()).toBeGreaterThan(Date.now() + 60_000)
    await api.admin.jobs.retry.mutate({ id: waiting.id })
    await until('the second attempt', async () => (await six())?.attempts === 2)
  })

  test('that are due later are listed by due time, in pages', async () => {
    const at = new Date(Date.now() + 3_600_000)
    await app.deps.boss.insert(
      'apply-stripe-event',
      Array.from({ length: 5 }, () => ({ data: { eventId: crypto.randomUUID() }, startAfter: at })),
    )
    const pages = await allPages((cursor) => api.admin.jobs.list.query({ state: 'queued', limit: 2, cursor }))
    const mine = pages.filter(({ dueAt }) => dueAt.getTime() === at.getTime())
    expect(new Set(mine.map(({ id }) => id)).size).toBe(5)
    const due = pages.map(({ dueAt }) => dueAt.getTime())
    expect(due).toEqual(due.toSorted((a, b) => a - b))
    expect((await api.admin.jobs.list.query({ state: 'running', queue: 'recheck' })).items).toEqual([])
  })

  test('run by the clock as the schedule says', async () => {
    const schedule = await api.admin.jobs.schedule.query()
    expect(schedule.map(({ queue }) => queue)).toEqual(
      expect.arrayContaining(['clean-up-auth', 'expire-subscriptions', 'recheck', 'reconcile']),
    )
    for (const { nextRunAt } of schedule) expect(nextRunAt?.getTime()).toBeGreaterThan(Date.now() - 60_000)
    await app.deps.boss.send('expire-subscriptions', {})
    await until('the sweep to run', async () => {
      const found = (await api.admin.jobs.schedule.query()).find(({ queue }) => queue === 'expire-subscriptions')
      return found?.lastRun?.result === 'succeeded' && found.lastRun.finishedAt !== null
    })
  })

  test('that do not exist cannot be retried', async () => {
    expect(await reasonOf(api.admin.jobs.retry.mutate({ id: crypto.randomUUID() }))).toBe('JOB_NOT_FOUND')
  })
})
