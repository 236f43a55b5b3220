import type { TollgateClient } from '@tollgate/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, auditOf, aPayment } from '../../../test/admin.ts'
import { aGrant } from '../../../test/purchases.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { createTestApp, type TestApp, type TestUser } from '../../../test/test-app.ts'

let app: TestApp
let api: TollgateClient['api']
beforeAll(async () => {
  app = await createTestApp()
  api = (await anAdmin(app)).api
})
afterAll(() => app[Symbol.asyncDispose]())

describe('a download', () => {
  const download = (path: string, token = '') =>
    fetch(`${app.url}/admin/export/${path}`, { headers: { authorization: `Bearer ${token}` } })

  const tokenOf = async (user: TestUser) => (await app.as(user)).session.current?.accessToken ?? ''

  test('breaks off once its administrator has lost the right to it', async () => {
    const other = await anAdmin(app)
    const token = await tokenOf(other)
    await app.scope().em.execute(
      `insert into audit_entries (id, action, target_type, target_id, after, created_at)
       select gen_random_uuid(), 'user.update', 'user', 'x', jsonb_build_object('filler', repeat('x', 2000)), now()
       from generate_series(1, 20000)`,
    )
    const answer = await download('audit.csv?targetId=x', token)
    expect(answer.status).toBe(200)
    const reader = answer.body?.getReader()
    await reader?.read()
    await api.admin.users.update.mutate({ id: other.id, isAdmin: false })
    let bytes = 0
    const rest = async () => {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true }
        if (done) return 'whole'
        bytes += value?.length ?? 0
      }
    }
    expect(await rest().catch(() => 'broken off')).toBe('broken off')
    // What the connection held already comes to an end; the whole has more than 40 MB.
    expect(bytes).toBeLessThan(20_000_000)
  })

  test('is refused for filters that the list does not have, and before it begins', async () => {
    const token = await tokenOf(await anAdmin(app))
    for (const path of [
      'plans.csv?stauts=retired',
      'plans.csv?status[]=retired',
      'payments.csv?from=0000-01-01T00:00:00Z',
    ])
      expect([path, (await download(path, token)).status]).toEqual([path, 400])
    expect((await download('plans.csv?status=retired', token)).status).toBe(200)
  })
})

test('no date, text or cursor makes a list fail', async () => {
  const { admin } = api
  const dates = ['1970-01-01', '0001-01-01', '9999-12-31'].map((day) => new Date(`${day}T00:00:00Z`))
  for (const from of dates) {
    const range = { from, to: from }
    const answers = await Promise.all(
      [
        admin.audit.list.query(range),
        admin.mails.list.query(range),
        admin.findings.list.query(range),
        admin.webhookEvents.list.query(range),
        admin.payments.list.query(range),
        admin.users.list.query({ createdFrom: from, createdTo: from }),
      ].map(reasonOf),
    )
    expect(new Set(answers)).toEqual(new Set(['fine']))
  }
  const [tooFar, tooEarly] = [new Date(8.64e15), new Date(-8.64e15)]
  const cursor = (at: string) => Buffer.from(`${at} ${crypto.randomUUID()}`).toString('base64url')
  const refused = [
    () => admin.audit.list.query({ from: tooFar }),
    () => admin.payments.list.query({ from: tooEarly }),
    () => admin.users.list.query({ createdTo: tooFar }),
    () => admin.overview.query({ from: '0000-01-01', to: '0000-01-02' }),
    () => admin.overview.query({ from: '9999-12-30', to: '9999-12-31' }),
    () => admin.trials.list.query({ state: 'ended', from: '0001-01-01', to: '9999-12-31' }),
    () => admin.mails.list.query({ email: 'a\0@example.com' }),
    () => admin.audit.list.query({ actorEmail: 'a\0@example.com' }),
    () => admin.findings.resolve.mutate({ id: crypto.randomUUID(), note: 'a\0' }),
    () => admin.findings.resolve.mutate({ id: crypto.randomUUID(), note: '\ud800' }),
    () => admin.users.list.query({ cursor: cursor('9999-12-31T24:00:00.000Z') }),
    () => admin.payments.list.query({ cursor: cursor('2026-02-30T00:00:00.000Z') }),
  ]
  expect(await Promise.all(refused.map((call) => reasonOf(call())))).toEqual(refused.map(() => 'INVALID_INPUT'))
})

test('an act is in the audit log by the id as it is stored, even if it was given in capitals', async () => {
  const user = await app.aUser()
  await aGrant(app, user, 'pro')
  const [subscription] = (await api.admin.subscriptions.list.query({ userId: user.id })).items
  const id = subscription?.id ?? ''
  await api.admin.subscriptions.cancel.mutate({ id: id.toUpperCase(), at: 'now' })
  expect(await auditOf(app, id)).toMatchObject([{ action: 'subscription.cancel' }])
  expect((await api.admin.audit.list.query({ targetId: id.toUpperCase() })).items).toHaveLength(1)
})

test('a refund that is repeated after its answer was lost, with what the preview knew, is made once', async () => {
  const { id } = await aPayment(app, api)
  const { refundedCents } = await api.admin.payments.previewRefund.query({ id, amountCents: 400 })
  const refund = { id, amountCents: 400, refundedCents }
  expect(await api.admin.payments.refund.mutate(refund)).toMatchObject({ refundedCents: 400 })
  expect(await reasonOf(api.admin.payments.refund.mutate(refund))).toBe('PREVIEW_STALE')
  expect(await api.admin.payments.get.query({ id })).toMatchObject({ refundedCents: 400 })
})
