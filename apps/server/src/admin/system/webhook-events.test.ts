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
      ...['account', 'attempts', 'id', 'lastError', 'objectId', 'processedAt', 'providerEventId', 'receivedAt'],
      ...['status', 'type'],
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

  test('can be found by object, customer, account and time', async () => {
    const payer = await aPayingUser(app, 'pro')
    const { list } = api.admin.webhookEvents
    const ofAccount = (await list.query({ accountId: payer.id, limit: 100 })).items
    expect(ofAccount.length).toBeGreaterThan(2)
    expect(new Set(ofAccount.map(({ account }) => account?.id))).toEqual(new Set([payer.id]))
    expect((await list.query({ customerId: payer.stripeCustomerId, limit: 100 })).items).toEqual(ofAccount)
    const paid = ofAccount.find(({ type }) => type === 'invoice.paid')
    const about = (await list.query({ objectId: paid?.objectId ?? '' })).items
    expect(about.map(({ id }) => id)).toContain(paid?.id)
    expect(new Set(about.map(({ objectId }) => objectId))).toEqual(new Set([paid?.objectId]))

    const at = paid?.receivedAt ?? new Date()
    const then = (await list.query({ from: at, to: at })).items
    expect(then.map(({ id }) => id)).toContain(paid?.id)
    expect(new Set(then.map(({ receivedAt }) => receivedAt.getTime()))).toEqual(new Set([at.getTime()]))
    expect((await list.query({ from: at, to: new Date(at.getTime() - 1) })).items).toEqual([])
  })

  test('show what they changed, and only ids, states, amounts and times of their payload', async () => {
    const payer = await aPayingUser(app, 'pro')
    const { em } = app.scope()
    const [row] = await em.execute<{ id: string }[]>(
      "select id from provider_events where type = 'invoice.paid' and payload #>> '{data,object,customer}' = ?",
      [payer.stripeCustomerId],
    )
    const id = row?.id ?? ''
    const secrets = {
      customer_name: 'Ada Lovelace',
      client_secret: 'pi_1_secret_x',
      customer_address: { line1: 'Main St' },
    }
    await em.execute(
      "update provider_events set payload = jsonb_set(payload, '{data,object}', payload #> '{data,object}' || ?::jsonb) where id = ?",
      [JSON.stringify({ ...secrets, payment_intent: 'pi_1_secret_leak', billing_reason: 'a b' }), id],
    )
    const event = await api.admin.webhookEvents.get.query({ id })
    expect(event).toMatchObject({
      ...{ id, type: 'invoice.paid', provider: 'stripe', account: { id: payer.id } },
      payload: {
        type: 'invoice.paid',
        object: { object: 'invoice', customer: payer.stripeCustomerId, currency: 'usd' },
      },
      effect: { subscriptionId: expect.any(String), paymentId: expect.any(String) },
    })
    expect(event.hiddenFields).toBeGreaterThan(3)
    const shown = JSON.stringify(event.payload)
    for (const hidden of ['Ada', 'Main St', 'secret', payer.email, 'a b']) expect(shown).not.toContain(hidden)

    // Several events lead to the same convergence. Only the first one changes something.
    const { items } = await api.admin.webhookEvents.list.query({ accountId: payer.id, limit: 100 })
    const all = await Promise.all(items.map((item) => api.admin.webhookEvents.get.query({ id: item.id })))
    const changes = all.flatMap(({ effect }) => effect.changes ?? [])
    expect(changes).toContainEqual(
      expect.objectContaining({
        ...{ objectType: 'payment', before: null, id: expect.any(String) },
        after: expect.objectContaining({ status: 'succeeded', amountCents: 1_900, refundedCents: 0 }),
      }),
    )
    expect(await reasonOf(api.admin.webhookEvents.get.query({ id: UNKNOWN_ID }))).toBe('EVENT_NOT_FOUND')
  })

  test('that failed are all applied again at once, and those of an ignored type are not', async () => {
    const payer = await aPayingUser(app, 'pro')
    const { em } = app.scope()
    const failed = await em.execute<{ id: string }[]>(
      `update provider_events set status = 'failed', last_error = 'Stripe failed'
       where payload #>> '{data,object,customer}' = ? and type in ('invoice.paid', 'invoice.created') returning id`,
      [payer.stripeCustomerId],
    )
    expect(failed).toHaveLength(2)
    expect(await api.admin.webhookEvents.replayFailed.mutate()).toEqual({ replayed: 1, hasMore: false })
    await until('the event to be applied', async () => {
      const { items } = await api.admin.webhookEvents.list.query({ accountId: payer.id, type: 'invoice.paid' })
      return items[0]?.status === 'processed' && items[0].lastError === null
    })
    const audit = await auditOf(app, 'all')
    expect(audit.at(-1)).toMatchObject({
      action: 'webhook_event.replay_failed',
      after: { replayed: 1, hasMore: false },
    })
    await em.execute("update provider_events set status = 'ignored' where status = 'failed'")
  })

  test('cannot be listed by an invalid type', async () => {
    expect(await reasonOf(api.admin.webhookEvents.list.query({ type: 'invoice.paid\0' }))).toBe('INVALID_INPUT')
  })

  test('that do not exist cannot be replayed', async () => {
    expect(await reasonOf(api.admin.webhookEvents.replay.mutate({ id: UNKNOWN_ID }))).toBe('EVENT_NOT_FOUND')
    expect(await reasonOf(api.admin.webhookEvents.replay.mutate({ id: 'evt_1' }))).toBe('INVALID_INPUT')
  })
})
