import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

const CHECKOUT = { mode: 'subscription', success_url: 'https://shop.example/thanks' } as const

describe('parameters that Stripe knows and the sandbox does not act on', () => {
  test('are accepted on a checkout page, and shown by it ever after', async () => {
    const price = await it.aPrice()
    const { id: customer } = await it.aCustomer({})
    const given = {
      custom_text: { submit: { message: 'We send your licence within a minute.' } },
      phone_number_collection: { enabled: true },
      tax_id_collection: { enabled: true },
      submit_type: 'auto',
      consent_collection: { terms_of_service: 'required' },
    } as const
    const session = await it.stripe.checkout.sessions.create({
      ...CHECKOUT,
      ...given,
      customer,
      currency: 'usd',
      customer_update: { address: 'auto', name: 'auto' },
      after_expiration: { recovery: { enabled: false } },
      payment_method_options: { card: { request_three_d_secure: 'automatic' } },
      line_items: [{ price: price.id, quantity: 1, adjustable_quantity: { enabled: false } }],
    })
    expect(session).toMatchObject(given)
    expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject(given)
    expect((await it.stripe.checkout.sessions.list({ customer })).data[0]).toMatchObject(given)
  })

  test('are shown inside what a field has already, and can be changed and unset', async () => {
    const { id: product } = await it.stripe.products.create({
      name: 'Box',
      tax_code: 'txcd_10103001',
      shippable: true,
      marketing_features: [{ name: 'Ten projects' }],
    })
    expect(await it.stripe.products.retrieve(product)).toMatchObject({
      ...{ tax_code: 'txcd_10103001', shippable: true, marketing_features: [{ name: 'Ten projects' }] },
    })
    await it.stripe.products.update(product, { marketing_features: '', shippable: false })
    expect(await it.stripe.products.retrieve(product)).toMatchObject({
      name: 'Box',
      shippable: false,
      marketing_features: null,
    })

    const price = await it.stripe.prices.create({
      ...{ product, currency: 'usd', unit_amount: 900 },
      recurring: { interval: 'month', trial_period_days: 7 },
    })
    expect(price.recurring).toMatchObject({ interval: 'month', interval_count: 1, trial_period_days: 7 })
  })

  test('are in the events that follow', async () => {
    const { id } = await it.stripe.customers.create({ invoice_settings: { footer: 'Thank you' } })
    await it.stripe.customers.update(id, { name: 'Ada' })
    const [event] = (await it.stripe.events.list({ type: 'customer.updated', limit: 1 })).data
    expect(event?.data.object).toMatchObject({ id, name: 'Ada', invoice_settings: { footer: 'Thank you' } })
  })

  test('are checked by their type, and named as Stripe names them', async () => {
    const price = await it.aPrice()
    const create = (params: object) =>
      errorOf(
        it.stripe.rawRequest('POST', '/v1/checkout/sessions', {
          ...CHECKOUT,
          ...{ line_items: [{ price: price.id, quantity: 1 }] },
          ...params,
        }),
      )
    expect(await create({ submit_type: 'bye' })).toMatchObject({
      param: 'submit_type',
      message: expect.stringMatching(/^Invalid submit_type/),
    })
    expect(await create({ phone_number_collection: { enabled: 'maybe' } })).toMatchObject({
      ...{ param: 'phone_number_collection[enabled]', message: 'Invalid boolean: maybe' },
    })
    expect(await create({ custom_text: { footer: { message: 'x' } } })).toMatchObject({
      ...{ code: 'parameter_unknown', param: 'custom_text[footer]' },
    })
    expect(await create({ custom_words: 'x' })).toMatchObject({ code: 'parameter_unknown', param: 'custom_words' })
  })

  test('are refused in the sandbox’s own words if they would have an effect at Stripe', async () => {
    const price = await it.aPrice()
    const line_items = [{ price: price.id, quantity: 1 }]
    const { id: customer } = await it.aCustomer({})
    const { billingPortal, checkout, invoices, subscriptions } = it.stripe
    const refused = [
      () => checkout.sessions.create({ ...CHECKOUT, line_items, shipping_options: [{ shipping_rate: 'shr_1' }] }),
      () => billingPortal.sessions.create({ customer, flow_data: { type: 'subscription_pause' } }),
      () => subscriptions.create({ customer, items: line_items, application_fee_percent: 5 }),
      () => invoices.create({ customer, number: 'A-1' }),
    ]
    const errors = await Promise.all(refused.map((call) => errorOf(call())))
    expect(errors.map(({ message }) => message)).toEqual([
      'This sandbox does not support shipping_options yet. Stripe does.',
      "This sandbox does not support 'subscription_pause' for flow_data[type] yet. Stripe does.",
      'This sandbox does not support application_fee_percent yet. Stripe does.',
      'This sandbox does not support number yet. Stripe does.',
    ])
  })
})
