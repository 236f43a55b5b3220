import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  aPaymobGateway,
  aPaymobSubscription,
  control,
  losingAnswer,
  type PaymobSetup,
} from '../../../../test/paymob-gateway.ts'

let setup: PaymobSetup
beforeAll(async () => (setup = await aPaymobGateway()))
afterAll(() => setup[Symbol.asyncDispose]())

const notRefundable = expect.objectContaining({ reason: 'NOT_REFUNDABLE' })
const outage = expect.objectContaining({ reason: 'PAYMENT_PROVIDER_ERROR' })
const refund = (paymentId: string, key: string, amountCents?: number) =>
  setup.provider().refund({ key, paymentId, ...(amountCents !== undefined && { amountCents }) })
const statusOf = async (paymentId: string) => {
  const invoice = await setup.provider().fetchInvoice(paymentId)
  const [payment] = await setup.provider().fetchPayments(invoice ? [invoice] : [])
  return { status: payment?.status, refundedCents: payment?.refundedCents }
}
const kindsOf = () => setup.sandbox.callbacks().filter(({ kind }) => kind === 'transaction').length

test.each([
  ['on the same day', 0],
  ['on a later day', 3],
])('a refund in full %s is made once', async (_when, days) => {
  const { paymentId } = await aPaymobSubscription(setup)
  if (days > 0) await setup.sandbox.advance({ days })
  expect(await setup.provider().hasRefund({ key: 'full', paymentId })).toBe(false)
  await refund(paymentId, 'full')
  expect(await statusOf(paymentId)).toEqual({ status: 'refunded', refundedCents: 10_000 })
  expect(await setup.provider().hasRefund({ key: 'full', paymentId })).toBe(true)
  expect(await setup.provider().hasRefund({ key: 'another', paymentId })).toBe(false)
  const sent = kindsOf()
  await refund(paymentId, 'full')
  await refund(paymentId, 'again')
  expect(kindsOf()).toBe(sent)
  await expect(refund(paymentId, 'more', 1)).rejects.toEqual(notRefundable)
})

test('parts are refunded once per key, and never more than was paid', async () => {
  const { paymentId } = await aPaymobSubscription(setup)
  await refund(paymentId, 'one', 3_000)
  await refund(paymentId, 'one', 3_000)
  await refund(paymentId, 'two', 3_000)
  expect(await statusOf(paymentId)).toEqual({ status: 'partially_refunded', refundedCents: 6_000 })
  await expect(refund(paymentId, 'three', 4_001)).rejects.toEqual(notRefundable)
  await refund(paymentId, 'four')
  expect(await statusOf(paymentId)).toEqual({ status: 'refunded', refundedCents: 10_000 })
})

test.each([
  ['a part', 'void_refund/refund', 2_500],
  ['all of it on the same day', 'void_refund/void', undefined],
])('a lost answer is found, and %s is not refunded again', async (_what, path, amountCents) => {
  const { paymentId } = await aPaymobSubscription(setup)
  const lost = losingAnswer('POST', path, () => refund(paymentId, 'lost', amountCents))
  await expect(lost).rejects.toEqual(outage)
  expect(await setup.provider().hasRefund({ key: 'lost', paymentId })).toBe(true)
  await refund(paymentId, 'lost', amountCents)
  expect((await statusOf(paymentId)).refundedCents).toBe(amountCents ?? 10_000)
})

test('a renewal and a failed payment', async () => {
  const { id } = await aPaymobSubscription(setup)
  await setup.sandbox.advance({ days: 31 })
  const renewal = (await setup.provider().fetchInvoices(id))[0]?.paymentId ?? ''
  await refund(renewal, 'renewal', 100)
  expect(await statusOf(renewal)).toEqual({ status: 'partially_refunded', refundedCents: 100 })

  await control(setup.sandbox, 'POST', `subscriptions/${id}/fail-charges`, { on: true })
  await setup.sandbox.advance({ days: 30 })
  const failed = (await setup.provider().fetchInvoices(id))[0]?.paymentId ?? ''
  await expect(refund(failed, 'failed')).rejects.toEqual(notRefundable)
})
