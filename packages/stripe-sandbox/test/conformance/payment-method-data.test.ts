import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe('payment_method_data (https://docs.stripe.com/api/payment_intents/create)', () => {
  const data = untyped({
    type: 'card',
    card: { token: 'tok_visa' },
    billing_details: { name: 'Ada Lovelace' },
  })

  test('creates the payment method of a payment, when it is created, changed or confirmed', async () => {
    const amount = { amount: 1000, currency: 'usd' }
    const expand = ['payment_method']
    const paid = await it.stripe.paymentIntents.create({ ...amount, payment_method_data: data, confirm: true, expand })
    expect(paid).toMatchObject({ status: 'succeeded', payment_method: { billing_details: { name: 'Ada Lovelace' } } })
    const { id } = await it.stripe.paymentIntents.create(amount)
    const updated = await it.stripe.paymentIntents.update(id, { payment_method_data: data })
    expect(updated).toMatchObject({ status: 'requires_confirmation' })
    expect(await it.stripe.paymentIntents.confirm(id, { payment_method_data: data })).toMatchObject({
      status: 'succeeded',
    })
  })
  test('saves a card with a setup intent', async () => {
    const { id: customer } = await it.aCustomer({ card: null })
    const setup = await it.stripe.setupIntents.create({ customer, payment_method_data: data, confirm: true })
    expect(setup.status).toBe('succeeded')
    expect((await it.stripe.customers.listPaymentMethods(customer)).data).toHaveLength(1)
  })
  test('excludes another payment method, and has a known card', async () => {
    const amount = { amount: 1000, currency: 'usd' }
    const both = it.stripe.paymentIntents.create({
      ...amount,
      payment_method: 'pm_card_visa',
      payment_method_data: data,
    })
    expect(await errorOf(both)).toMatchObject({ code: 'parameters_exclusive' })
    const unknown = untyped({ type: 'card', card: { token: 'tok_none' } })
    expect(await errorOf(it.stripe.paymentIntents.create({ ...amount, payment_method_data: unknown }))).toMatchObject({
      param: 'payment_method_data[card][token]',
    })
    const link = untyped({ type: 'link' })
    expect(await errorOf(it.stripe.paymentIntents.create({ ...amount, payment_method_data: link }))).toMatchObject({
      param: 'payment_method_data[type]',
    })
  })
})
