import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, expanded, idOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

const HOLD = { amount: 5000, currency: 'usd', capture_method: 'manual', confirm: true } as const

const chargeOf = async ({ latest_charge }: Stripe.PaymentIntent) => stripe.charges.retrieve(idOf(latest_charge))

describe('manual capture (https://docs.stripe.com/payments/place-a-hold-on-a-payment-method)', () => {
  test('a payment is only authorized until it is captured', async () => {
    let held: Stripe.PaymentIntent | undefined
    const types = await it.eventsOf(async () => {
      held = await stripe.paymentIntents.create({ ...HOLD, payment_method: 'pm_card_visa' })
    })
    expect(types).toEqual(['payment_intent.created', 'charge.succeeded', 'payment_intent.amount_capturable_updated'])
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 5000, amount_received: 0 })
    const { id = '', latest_charge } = held ?? {}
    const charge = await stripe.charges.retrieve(idOf(latest_charge))
    expect(charge).toMatchObject({ captured: false, amount_captured: 0, balance_transaction: null, paid: true })
    expect(charge.payment_method_details?.card?.capture_before).toBe(charge.created + 7 * 86_400)
    const later = await it.eventsOf(() => stripe.paymentIntents.capture(id))
    expect(later).toEqual(['charge.captured', 'payment_intent.succeeded'])
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      ...{ status: 'succeeded', amount_capturable: 0, amount_received: 5000 },
    })
    const captured = await stripe.charges.retrieve(charge.id, { expand: ['balance_transaction'] })
    expect(captured).toMatchObject({ captured: true, amount_captured: 5000 })
    expect(expanded(captured.balance_transaction)).toMatchObject({ amount: 5000, type: 'charge' })
    expect(await errorOf(stripe.paymentIntents.capture(id))).toMatchObject({ code: 'payment_intent_unexpected_state' })
  })
  test('what is not captured is released, and at most what was captured can be refunded', async () => {
    const { id } = await stripe.paymentIntents.create({ ...HOLD, payment_method: 'pm_card_visa' })
    expect(await errorOf(stripe.paymentIntents.capture(id, { amount_to_capture: 5001 }))).toMatchObject({
      param: 'amount_to_capture',
    })
    const intent = await stripe.paymentIntents.capture(id, { amount_to_capture: 3000 })
    expect(intent).toMatchObject({ amount: 5000, amount_received: 3000, status: 'succeeded' })
    expect(await chargeOf(intent)).toMatchObject({ amount_captured: 3000, amount_refunded: 2000 })
    expect(await errorOf(stripe.refunds.create({ payment_intent: id, amount: 3001 }))).toMatchObject({
      param: 'amount',
    })
    expect(await stripe.refunds.create({ payment_intent: id })).toMatchObject({ amount: 3000 })
  })
  test('a canceled payment is released', async () => {
    const { id } = await stripe.paymentIntents.create({ ...HOLD, payment_method: 'pm_card_visa' })
    expect(await errorOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({ statusCode: 400 })
    const types = await it.eventsOf(() => stripe.paymentIntents.cancel(id))
    expect(types).toEqual(['charge.refunded', 'payment_intent.canceled'])
    const intent = await stripe.paymentIntents.retrieve(id)
    expect(intent).toMatchObject({ status: 'canceled', amount_capturable: 0 })
    expect(await chargeOf(intent)).toMatchObject({ captured: false, refunded: true })
  })
  test('an authorization expires after a week, by the clock of the customer', async () => {
    const clock = await it.aClock('2026-04-01T00:00:00Z')
    const { id: customer } = await it.aCustomer({ clock: clock.id })
    const [{ data }, hold] = [await stripe.customers.listPaymentMethods(customer), { ...HOLD, customer }]
    const { id } = await stripe.paymentIntents.create({ ...hold, payment_method: data[0]?.id ?? '' })
    await it.advance(clock.id, '2026-04-07T23:00:00Z')
    expect((await stripe.paymentIntents.retrieve(id)).status).toBe('requires_capture')
    const types = await it.eventsOf(() => it.advance(clock.id, '2026-04-08T01:00:00Z'))
    expect(types).toEqual(['charge.refunded', 'payment_intent.canceled', 'charge.expired'])
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      ...{ status: 'canceled', cancellation_reason: 'automatic' },
    })
    expect(await errorOf(stripe.paymentIntents.capture(id))).toMatchObject({ statusCode: 400 })
  })
  test('a charge can be captured, too', async () => {
    const intent = await stripe.paymentIntents.create({ ...HOLD, payment_method: 'pm_card_visa' })
    const { id } = await chargeOf(intent)
    expect(await stripe.charges.capture(id, { amount: 100 })).toMatchObject({ captured: true, amount_captured: 100 })
    expect(await errorOf(stripe.charges.capture(id))).toMatchObject({ code: 'charge_already_captured' })
  })
  test('the options for cards can ask for it, too', async () => {
    const asked = { payment_method_options: { card: { capture_method: 'manual' } } } as const
    const intent = await stripe.paymentIntents.create({
      ...{ amount: 5000, currency: 'usd', confirm: true, payment_method: 'pm_card_visa', ...asked },
    })
    expect(intent).toMatchObject({ status: 'requires_capture', capture_method: 'automatic', ...asked })
    expect(await errorOf(stripe.paymentIntents.capture(intent.id, { final_capture: false }))).toMatchObject({
      ...{ statusCode: 400, param: 'final_capture' },
    })
    expect((await stripe.paymentIntents.capture(intent.id, { final_capture: true })).status).toBe('succeeded')
  })
  test('a declined card holds nothing', async () => {
    const call = stripe.paymentIntents.create({ ...HOLD, payment_method: 'pm_card_chargeDeclined' })
    expect(await errorOf(call)).toMatchObject({ statusCode: 402, code: 'card_declined' })
  })
})
