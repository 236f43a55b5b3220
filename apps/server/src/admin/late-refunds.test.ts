import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aPayingUser, calm, failNext, stripeClient } from '../../test/billing.ts'
import { startLossyProxy, type LossyProxy } from '../../test/lossy-proxy.ts'
import { reasonOf } from '../../test/rejection.ts'
import { createTestApp, type TestApp } from '../../test/test-app.ts'
import { MINUTE } from '../platform/durations.ts'

/** A call and the two repeats that the client makes by itself. */
const WITH_REPEATS = 3

describe('a refund that was left open', () => {
  let proxy: LossyProxy
  let app: TestApp
  let admin: TollgateClient['api']
  let other: TollgateClient['api']
  beforeAll(async () => {
    proxy = await startLossyProxy()
    app = await createTestApp({ STRIPE_API_URL: proxy.url })
    proxy.target = app.stripe.url
    admin = (await app.as(await app.aUser({ isAdmin: true }))).api
    other = (await app.as(await app.aUser({ isAdmin: true }))).api
  })
  afterEach(() => calm(app))
  afterAll(async () => {
    await app[Symbol.asyncDispose]()
    await proxy[Symbol.asyncDispose]()
  })

  const aPayment = async () => {
    const payer = await aPayingUser(app, 'pro')
    const [payment] = (await admin.admin.payments.list.query({ userId: payer.id })).items
    return { payer, id: payment?.id ?? '' }
  }
  const atStripe = async (customer: string) => {
    const stripe = stripeClient(app)
    const [charge] = (await stripe.charges.list({ customer })).data
    return (await stripe.refunds.list({ charge: charge?.id ?? '' })).data.map(({ amount }) => amount).toReversed()
  }
  const auditOf = (id: string) =>
    app.scope().em.execute<object[]>('select 1 from audit_entries where target_id = ?', [id])
  /** So long that nobody can still mean the same try. */
  const later = () => app.clock.advance(11 * MINUTE)

  test('is found by a repeat, also when Stripe no longer knows its key', async () => {
    const { payer, id } = await aPayment()
    proxy.loseAnswers('POST /v1/refunds', WITH_REPEATS)
    expect(await reasonOf(admin.admin.payments.refund.mutate({ id, amountCents: 700 }))).toBe('PAYMENT_PROVIDER_ERROR')
    proxy.forgetKeys()
    const repeated = await admin.admin.payments.refund.mutate({ id, amountCents: 700 })
    expect(repeated).toMatchObject({ status: 'partially_refunded', refundedCents: 700 })
    expect(await atStripe(payer.stripeCustomerId)).toEqual([700])
    expect(await auditOf(id)).toHaveLength(1)
  })

  test('and was never made is not made by what another admin asks for later', async () => {
    const { payer, id } = await aPayment()
    await failNext(app)
    expect(await reasonOf(admin.admin.payments.refund.mutate({ id, amountCents: 700 }))).toBe('PAYMENT_PROVIDER_ERROR')
    await calm(app)
    later()
    expect(await other.admin.payments.refund.mutate({ id, amountCents: 200 })).toMatchObject({ refundedCents: 200 })
    expect(await atStripe(payer.stripeCustomerId)).toEqual([200])
    expect(await auditOf(id)).toHaveLength(1)
  })

  test('and was made is set down before another one is made', async () => {
    const { payer, id } = await aPayment()
    proxy.loseAnswers('POST /v1/refunds', WITH_REPEATS)
    expect(await reasonOf(admin.admin.payments.refund.mutate({ id, amountCents: 700 }))).toBe('PAYMENT_PROVIDER_ERROR')
    proxy.forgetKeys()
    later()
    expect(await other.admin.payments.refund.mutate({ id, amountCents: 200 })).toMatchObject({ refundedCents: 900 })
    expect(await atStripe(payer.stripeCustomerId)).toEqual([700, 200])
    expect(await auditOf(id)).toHaveLength(2)
  })
})
