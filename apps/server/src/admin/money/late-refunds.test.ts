import type { TollgateClient } from '@tollgate/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { anAdmin, aPayment, auditOf, refundsAtStripe } from '../../../test/admin.ts'
import { createLossyApp, type LossyApp } from '../../../test/lossy-app.ts'
import { reasonOf } from '../../../test/rejection.ts'
import { calm, failNext } from '../../../test/stripe.ts'
import { MINUTE } from '../../platform/durations.ts'

/** Each call is made up to three times: Stripe's client repeats it twice. */
const CALL_AND_REPEATS = 3

describe('a refund whose outcome is unknown', () => {
  let app: LossyApp
  let admin: TollgateClient['api']
  let other: TollgateClient['api']
  beforeAll(async () => {
    app = await createLossyApp()
    admin = (await anAdmin(app)).api
    other = (await anAdmin(app)).api
  })
  afterEach(() => calm(app))
  afterAll(() => app[Symbol.asyncDispose]())

  /** Lets enough time pass that another admin's request is no longer a repeat of this one. */
  const later = () => app.clock.advance(11 * MINUTE)

  test('is found by a repeat, even when Stripe has forgotten its idempotency key', async () => {
    const { payer, id } = await aPayment(app, admin)
    app.proxy.loseAnswers('POST /v1/refunds', CALL_AND_REPEATS)
    expect(await reasonOf(admin.admin.payments.refund.mutate({ id, amountCents: 700 }))).toBe('PAYMENT_PROVIDER_ERROR')
    app.proxy.forgetKeys()
    const repeated = await admin.admin.payments.refund.mutate({ id, amountCents: 700 })
    expect(repeated).toMatchObject({ status: 'partially_refunded', refundedCents: 700 })
    expect(await refundsAtStripe(app, payer.stripeCustomerId)).toEqual([700])
    expect(await auditOf(app, id)).toHaveLength(1)
  })

  test('is dropped, if it was never made, when another admin later asks for a different amount', async () => {
    const { payer, id } = await aPayment(app, admin)
    await failNext(app)
    expect(await reasonOf(admin.admin.payments.refund.mutate({ id, amountCents: 700 }))).toBe('PAYMENT_PROVIDER_ERROR')
    await calm(app)
    later()
    expect(await other.admin.payments.refund.mutate({ id, amountCents: 200 })).toMatchObject({ refundedCents: 200 })
    expect(await refundsAtStripe(app, payer.stripeCustomerId)).toEqual([200])
    expect(await auditOf(app, id)).toHaveLength(1)
  })

  test('is recorded, if it was made, before another admin makes a later refund', async () => {
    const { payer, id } = await aPayment(app, admin)
    app.proxy.loseAnswers('POST /v1/refunds', CALL_AND_REPEATS)
    expect(await reasonOf(admin.admin.payments.refund.mutate({ id, amountCents: 700 }))).toBe('PAYMENT_PROVIDER_ERROR')
    app.proxy.forgetKeys()
    later()
    expect(await other.admin.payments.refund.mutate({ id, amountCents: 200 })).toMatchObject({ refundedCents: 900 })
    expect(await refundsAtStripe(app, payer.stripeCustomerId)).toEqual([700, 200])
    expect(await auditOf(app, id)).toHaveLength(2)
  })
})
