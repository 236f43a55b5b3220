import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aPayingUser, calm, eventsDone, failNext, LOST_ANSWER, stripeClient } from '../../test/billing.ts'
import { reasonOf } from '../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'

const NOBODY = '0199d3a0-0000-7000-8000-000000000000'

describe('a refund', () => {
  let app: TestApp
  let api: TollgateClient['api']
  beforeAll(async () => {
    app = await createTestApp()
    api = (await app.as(await app.aUser({ isAdmin: true }))).api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  const aPayment = async () => {
    const payer = await aPayingUser(app, 'pro')
    const [payment] = (await api.admin.payments.list.query({ userId: payer.id })).items
    expect(payment).toMatchObject({
      amountCents: 1_900,
      status: 'succeeded',
      user: { id: payer.id, email: payer.email },
    })
    return { payer, id: payment?.id ?? '' }
  }
  const refund = (id: string, amountCents?: number) =>
    api.admin.payments.refund.mutate({ id, ...(amountCents === undefined ? {} : { amountCents }) })
  const atStripe = async (customer: string) => {
    const stripe = stripeClient(app)
    const [charge] = (await stripe.charges.list({ customer })).data
    return (await stripe.refunds.list({ charge: charge?.id ?? '' })).data.map(({ amount }) => amount)
  }
  const auditOf = (id: string) =>
    app
      .scope()
      .em.execute<object[]>('select action, before, after from audit_entries where target_id = ? order by id', [id])

  test('in part and then of the rest pays back all, and leaves access alone', async () => {
    const { payer, id } = await aPayment()
    expect(await refund(id, 500)).toMatchObject({ id, status: 'partially_refunded', refundedCents: 500 })
    expect(await reasonOf(refund(id, 1_401))).toBe('INVALID_INPUT')
    expect(await reasonOf(refund(id, 0))).toBe('INVALID_INPUT')
    expect(await refund(id)).toMatchObject({ status: 'refunded', refundedCents: 1_900 })
    expect(await reasonOf(refund(id))).toBe('NOT_REFUNDABLE')
    expect((await atStripe(payer.stripeCustomerId)).toSorted()).toEqual([1_400, 500])
    await eventsDone(app)

    const own = (await app.as(payer)).api
    expect((await own.billing.payments.list.query({})).items).toMatchObject([
      { status: 'refunded', refundedCents: 1_900 },
    ])
    expect(await own.billing.subscriptions.current.query()).toMatchObject({ hasAccess: true })
    expect(await auditOf(id)).toMatchObject([
      {
        action: 'payment.refund',
        before: { refundedCents: 0 },
        after: { refundedCents: 500, refund: { amountCents: 500 } },
      },
      { action: 'payment.refund', after: { refundedCents: 1_900 } },
    ])
  })

  test('asked for by five admins at once is one', async () => {
    const { payer, id } = await aPayment()
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => reasonOf(refund(id))))
    for (const outcome of outcomes) expect(['fine', 'NOT_REFUNDABLE']).toContain(outcome)
    expect(await atStripe(payer.stripeCustomerId)).toEqual([1_900])
    expect(await auditOf(id)).toHaveLength(1)
  })

  test.each([
    ['is down', {}],
    ['does not say that it has done it', LOST_ANSWER],
  ])('while Stripe %s is made once by a repeat', async (_, failure) => {
    const { payer, id } = await aPayment()
    await failNext(app, failure)
    expect(await reasonOf(refund(id, 700))).toBe('PAYMENT_PROVIDER_ERROR')
    await calm(app)
    expect(await refund(id, 700)).toMatchObject({ status: 'partially_refunded', refundedCents: 700 })
    expect(await atStripe(payer.stripeCustomerId)).toEqual([700])
    expect(await auditOf(id)).toHaveLength(1)
  })

  test('left open by a failure is finished before another one is made', async () => {
    const { payer, id } = await aPayment()
    await failNext(app)
    expect(await reasonOf(refund(id, 700))).toBe('PAYMENT_PROVIDER_ERROR')
    await calm(app)
    expect(await refund(id, 200)).toMatchObject({ refundedCents: 900 })
    expect((await atStripe(payer.stripeCustomerId)).toSorted()).toEqual([200, 700])
  })

  test('of what Stripe has paid back already is refused, and the payment then says so', async () => {
    await using app = await createTestApp({}, { worker: false })
    const admin = (await app.as(await app.aUser({ isAdmin: true }))).api
    const payer = await aPayingUser(app, 'pro', { wait: false })
    const { api } = await app.as(payer)
    await api.billing.subscriptions.sync.mutate({ sessionId: payer.sessionId })
    const [payment] = (await api.billing.payments.list.query({})).items
    const stripe = stripeClient(app)
    const [charge] = (await stripe.charges.list({ customer: payer.stripeCustomerId })).data
    await stripe.refunds.create({ charge: charge?.id ?? '' })

    const id = payment?.id ?? ''
    expect(await reasonOf(admin.admin.payments.refund.mutate({ id }))).toBe('NOT_REFUNDABLE')
    expect((await api.billing.payments.list.query({})).items).toMatchObject([
      { status: 'refunded', refundedCents: 1_900 },
    ])
  })

  test('of a payment that failed, is disputed, or is not there is refused', async () => {
    const { payer, id } = await aPayment()
    const { em } = app.scope()
    for (const status of ['failed', 'disputed', 'pending', 'uncollectible']) {
      await em.execute('update payments set status = ? where user_id = ?', [status, payer.id])
      expect(await reasonOf(refund(id))).toBe('NOT_REFUNDABLE')
    }
    expect(await reasonOf(refund(NOBODY))).toBe('PAYMENT_NOT_FOUND')
    expect(await atStripe(payer.stripeCustomerId)).toEqual([])
  })

  test('shows in the list of all payments, page by page and by status', async () => {
    const { id } = await aPayment()
    await refund(id)
    const refunded = await api.admin.payments.list.query({ status: 'refunded' })
    expect(refunded.items.map((payment) => payment.id)).toContain(id)
    for (const { status } of refunded.items) expect(status).toBe('refunded')

    const first = await api.admin.payments.list.query({ limit: 2 })
    const second = await api.admin.payments.list.query({ limit: 2, cursor: first.nextCursor })
    expect(first.items[0]?.id).toBe(id)
    expect(new Set([...first.items, ...second.items].map((payment) => payment.id)).size).toBe(4)
  })
})
