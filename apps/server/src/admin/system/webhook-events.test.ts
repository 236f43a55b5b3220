import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf, expectNewestFirst, UNKNOWN_ID } from '../../../test/admin.ts'
import { mailsTo, until } from '../../../test/inbox.ts'
import { aPayingUser } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../../test/test-app.ts'

describe('webhook events', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await anAdmin(app)).api
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

  test('are listed newest first, in pages, by status and type, without their payload', async () => {
    await aPayingUser(app, 'pro')
    const first = await api.admin.webhookEvents.list.query({ limit: 4 })
    const second = await api.admin.webhookEvents.list.query({ limit: 4, cursor: first.nextCursor })
    const shown = [...first.items, ...second.items]
    expect(new Set(shown.map(({ id }) => id)).size).toBe(8)
    expectNewestFirst(shown.map(({ receivedAt }) => receivedAt))
    expect(Object.keys(shown[0] ?? {}).toSorted()).toEqual([
      ...['attempts', 'id', 'lastError', 'processedAt', 'providerEventId', 'receivedAt', 'status', 'type'],
    ])
    const ignored = await api.admin.webhookEvents.list.query({ status: 'ignored' })
    expect(new Set(ignored.items.map(({ status }) => status))).toEqual(new Set(['ignored']))
    expect(await eventOf('invoice.paid')).toMatchObject({ attempts: 1, lastError: null, processedAt: expect.any(Date) })
  })

  test('are applied again when replayed: lost changes are restored, and no email is sent twice', async () => {
    const payer = await aPayingUser(app, 'vip')
    const { em } = app.scope()
    const { id } = await eventOf('invoice.paid')
    await em.execute("update subscriptions set status = 'unpaid' where user_id = ?", [payer.id])
    expect(await api.admin.webhookEvents.replay.mutate({ id })).toEqual({})
    await until('the event to be applied again', async () => isProcessed(id, 2))
    expect((await (await app.as(payer)).api.billing.subscriptions.current.query())?.status).toBe('active')
    expect((await mailsTo(payer.email)).filter(({ subject }) => /has started/.test(subject)).length).toBeLessThan(2)
    expect(await auditOf(app, id)).toMatchObject([{ action: 'webhook_event.replay', target_type: 'webhook_event' }])
  })

  test('of an ignored type stay ignored when replayed', async () => {
    const [ignored] = (await api.admin.webhookEvents.list.query({ status: 'ignored', type: 'customer.created' })).items
    expect(await api.admin.webhookEvents.replay.mutate({ id: ignored?.id ?? '' })).toEqual({})
    const [still] = (await api.admin.webhookEvents.list.query({ type: 'customer.created' })).items
    expect(still).toEqual(ignored)
  })

  test('cannot be listed by an invalid type', async () => {
    expect(await reasonOf(api.admin.webhookEvents.list.query({ type: 'invoice.paid\0' }))).toBe('INVALID_INPUT')
  })

  test('that do not exist cannot be replayed', async () => {
    expect(await reasonOf(api.admin.webhookEvents.replay.mutate({ id: UNKNOWN_ID }))).toBe('EVENT_NOT_FOUND')
    expect(await reasonOf(api.admin.webhookEvents.replay.mutate({ id: 'evt_1' }))).toBe('INVALID_INPUT')
  })
})
