import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from '../hosted-pages.ts'
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

test('a setup and a payment save the card once its holder has authenticated', async () => {
  const browser = new Browser()
  const { id: customer } = await it.aCustomer({ card: null })
  const { paymentIntents, setupIntents } = it.stripe
  const terms = { customer, confirm: true, payment_method: 'pm_card_authenticationRequired' }
  const saved = { amount: 900, currency: 'usd', setup_future_usage: 'off_session' } as const
  const asked = [await setupIntents.create(terms), await paymentIntents.create({ ...terms, ...saved })]
  const cards = async () => (await it.stripe.customers.listPaymentMethods(customer)).data.length
  expect(await cards()).toBe(0)
  for (const { next_action } of asked) {
    const page = await browser.open(next_action?.redirect_to_url?.url ?? '')
    await browser.submit(page, {}, { name: 'decision', value: 'complete' })
  }
  expect(await cards()).toBe(2)
})

describe('confirmation tokens (https://docs.stripe.com/api/confirmation_tokens)', () => {
  const aToken = (params: Parameters<Stripe['testHelpers']['confirmationTokens']['create']>[0] = {}) =>
    it.stripe.testHelpers.confirmationTokens.create({ payment_method: 'pm_card_visa', ...params })

  test('confirm one payment, with what they have and the request lacks', async () => {
    const shipping = { name: 'Ada', address: { line1: '1 Main Street', country: 'US' } }
    const { id: customer } = await it.aCustomer({ card: null })
    const token = await aToken({ shipping, setup_future_usage: 'off_session', return_url: 'https://shop.example/done' })
    expect(token).toMatchObject({
      object: 'confirmation_token',
      payment_intent: null,
      payment_method_preview: { type: 'card', card: { last4: '4242' }, customer: null },
    })
    expect(token.expires_at).toBe(token.created + 12 * 3600)
    const intent = await it.stripe.paymentIntents.create({ amount: 900, currency: 'usd', customer })
    const paid = await it.stripe.paymentIntents.confirm(intent.id, { confirmation_token: token.id })
    expect(paid).toMatchObject({ status: 'succeeded', setup_future_usage: 'off_session', shipping })
    expect((await it.stripe.paymentMethods.list({ customer })).data).toMatchObject([{ card: { last4: '4242' } }])
    expect(await it.stripe.confirmationTokens.retrieve(token.id)).toMatchObject({
      payment_intent: intent.id,
      expires_at: null,
    })
    const again = { amount: 100, currency: 'usd', confirm: true, confirmation_token: token.id }
    expect(await errorOf(it.stripe.paymentIntents.create(again))).toMatchObject({ param: 'confirmation_token' })
  })
  test('save one card, and what is in the request counts more', async () => {
    const { id: customer } = await it.aCustomer({ card: null })
    const { id } = await aToken({ payment_method: 'pm_card_mastercard' })
    const setup = await it.stripe.setupIntents.create({ customer, confirm: true, confirmation_token: id })
    expect(setup.status).toBe('succeeded')
    expect((await it.stripe.paymentMethods.list({ customer })).data).toMatchObject([{ card: { brand: 'mastercard' } }])
    const declined = await aToken({ payment_method: 'pm_card_chargeDeclined' })
    const terms = { amount: 900, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' }
    const paid = await it.stripe.paymentIntents.create({ ...terms, confirmation_token: declined.id })
    expect(paid.status).toBe('succeeded')
  })
  test('need a card, and must exist', async () => {
    expect(await errorOf(it.stripe.testHelpers.confirmationTokens.create({}))).toMatchObject({ statusCode: 400 })
    const unknown = { amount: 900, currency: 'usd', confirm: true, confirmation_token: 'ctoken_none' }
    expect(await errorOf(it.stripe.paymentIntents.create(unknown))).toMatchObject({ code: 'resource_missing' })
  })
})
