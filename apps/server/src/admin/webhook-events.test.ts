import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPayingUser } from '../../test/billing.ts'
import { mailsTo, until } from '../../test/inbox.ts'
import { reasonOf } from '../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'

const NOBODY = '0199d3a0-0000-7000-8000-000000000000'

describe('webhook events', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await app.as(await app.aUser({ isAdmin: true }))).api
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const eventOf = async (type: string) => {
    const [event] = (await api.admin.webhookEvents.list.query({ type, status: 'processed' })).items
    if (!event) throw new Error(`There is no ${type}.`)
    return event
  }
  const isProcessed = async (id: string, attempts: number) => {
    const { items } = await api.admin.webhookEvents.list.query({ limit: 100 })
    return items.find((event) => event.id === id && event.status === 'processed' && event.attempts === attempts)
  }

  test('are listed newest first, page by page, by status and by type, without what is in them', async () => {
    await aPayingUser(app, 'pro')
    const first = await api.admin.webhookEvents.list.query({ limit: 4 })
    const second = await api.admin.webhookEvents.list.query({ limit: 4, cursor: first.nextCursor })
    const shown = [...first.items, ...second.items]
    expect(new Set(shown.map(({ id }) => id)).size).toBe(8)
    const times = shown.map(({ receivedAt }) => receivedAt.getTime())
    expect(times).toEqual(times.toSorted((one, other) => other - one))
    expect(Object.keys(shown[0] ?? {}).toSorted()).toEqual([
      ...['attempts', 'id', 'lastError', 'processedAt', 'providerEventId', 'receivedAt', 'status', 'type'],
    ])
    const ignored = await api.admin.webhookEvents.list.query({ status: 'ignored' })
    expect(new Set(ignored.items.map(({ status }) => status))).toEqual(new Set(['ignored']))
    expect(await eventOf('invoice.paid')).toMatchObject({ attempts: 1, lastError: null, processedAt: expect.any(Date) })
  })

  test('that are replayed are applied once more, mend what was lost, and send no second mail', async () => {
    const payer = await aPayingUser(app, 'vip')
    const { em } = app.scope()
    const { id } = await eventOf('invoice.paid')
    await em.execute("update subscriptions set status = 'unpaid' where user_id = ?", [payer.id])
    expect(await api.admin.webhookEvents.replay.mutate({ id })).toEqual({})
    await until('the event to be applied again', async () => isProcessed(id, 2))
    expect((await (await app.as(payer)).api.billing.subscriptions.current.query())?.status).toBe('active')
    expect((await mailsTo(payer.email)).filter(({ subject }) => /has started/.test(subject)).length).toBeLessThan(2)
    expect(await em.execute('select action, target_type from audit_entries where target_id = ?', [id])).toEqual([
      { action: 'webhook_event.replay', target_type: 'webhook_event' },
    ])
  })

  test('of a type that nothing depends on stay ignored', async () => {
    const [ignored] = (await api.admin.webhookEvents.list.query({ status: 'ignored', type: 'customer.created' })).items
    expect(await api.admin.webhookEvents.replay.mutate({ id: ignored?.id ?? '' })).toEqual({})
    const [still] = (await api.admin.webhookEvents.list.query({ type: 'customer.created' })).items
    expect(still).toEqual(ignored)
  })

  test('are not looked for by what no type can hold', async () => {
    expect(await reasonOf(api.admin.webhookEvents.list.query({ type: 'invoice.paid\0' }))).toBe('INVALID_INPUT')
  })

  test('that never came can not be replayed', async () => {
    expect(await reasonOf(api.admin.webhookEvents.replay.mutate({ id: NOBODY }))).toBe('EVENT_NOT_FOUND')
    expect(await reasonOf(api.admin.webhookEvents.replay.mutate({ id: 'evt_1' }))).toBe('INVALID_INPUT')
  })
})
