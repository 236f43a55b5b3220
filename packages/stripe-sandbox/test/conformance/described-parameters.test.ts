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

  test('are refused in Stripe’s words if they need what the account does not have', async () => {
    const price = await it.aPrice()
    const items = [{ price: price.id, quantity: 1 }]
    const { id: customer } = await it.aCustomer({})
    const { checkout, invoices, paymentIntents, paymentMethods, subscriptions, taxIds } = it.stripe
    const refused: [call: () => Promise<unknown>, error: object][] = [
      [
        () => subscriptions.create({ customer, items, transfer_data: { destination: 'acct_1' } }),
        { code: 'resource_missing', param: 'transfer_data[destination]', message: "No such destination: 'acct_1'" },
      ],
      [
        () => paymentIntents.create({ amount: 900, currency: 'usd', application_fee_amount: 90 }),
        {
          param: 'application_fee_amount',
          message: expect.stringContaining('Can only apply an application_fee_amount'),
        },
      ],
      [
        () =>
          checkout.sessions.create({
            ...{ ...CHECKOUT, line_items: items, subscription_data: { on_behalf_of: 'acct_1' } },
          }),
        { code: 'resource_missing', param: 'subscription_data[on_behalf_of]' },
      ],
      [
        () => invoices.create({ customer, issuer: { type: 'account', account: 'acct_1' } }),
        { code: 'resource_missing', param: 'issuer[account]' },
      ],
      [
        () =>
          subscriptions.create({ customer, items, automatic_tax: { enabled: true, liability: { type: 'account' } } }),
        { code: 'parameter_missing', param: 'automatic_tax[liability][account]' },
      ],
      [
        () => paymentMethods.create({ type: 'sepa_debit', sepa_debit: { iban: 'DE89370400440532013000' } }),
        { param: 'type', message: expect.stringContaining('The payment method type provided: sepa_debit is invalid.') },
      ],
      [
        () => taxIds.create({ type: 'eu_vat', value: 'DE123456789', owner: { type: 'account', account: 'acct_1' } }),
        { param: 'owner[type]' },
      ],
    ]
    for (const [call, error] of refused) expect(await errorOf(call())).toMatchObject({ statusCode: 400, ...error })
    // Unsetting what can't be set changes nothing.
    const subscription = await subscriptions.create({ customer, items })
    await subscriptions.update(subscription.id, { transfer_data: '', application_fee_percent: '' })
  })

  test('filters find what was only stored', async () => {
    const { id: customer } = await it.aCustomer({})
    const ids = async (params: object): Promise<string[]> =>
      (await it.stripe.customers.listPaymentMethods(customer, params)).data.map(({ id }) => id)
    const [card = ''] = await ids({})
    expect(await ids({ allow_redisplay: 'unspecified' })).toEqual([card])
    await it.stripe.paymentMethods.update(card, { allow_redisplay: 'always' })
    expect([await ids({ allow_redisplay: 'always' }), await ids({ allow_redisplay: 'unspecified' })]).toEqual([
      [card],
      [],
    ])

    const { id: good } = await it.stripe.products.create({ name: 'Box', type: 'good' })
    const goods = await it.stripe.products.list({ type: 'good' })
    expect(goods.data).toMatchObject([{ id: good, type: 'good' }])
  })

  test('a customer’s cash balance has its setting, where it is expanded and on its own', async () => {
    const { id } = await it.stripe.customers.create({ cash_balance: { settings: { reconciliation_mode: 'manual' } } })
    const settings = { reconciliation_mode: 'manual', using_merchant_default: false }
    expect(await it.stripe.customers.retrieveCashBalance(id)).toMatchObject({ settings })
    const customer = await it.stripe.customers.retrieve(id, { expand: ['cash_balance'] })
    expect(customer).toMatchObject({ cash_balance: { customer: id, settings } })
    await it.stripe.customers.update(id, { cash_balance: { settings: { reconciliation_mode: 'merchant_default' } } })
    expect((await it.stripe.customers.retrieveCashBalance(id)).settings.using_merchant_default).toBe(true)
  })

  test('another account can’t be named by the Stripe-Account header, only the own one', async () => {
    expect(await errorOf(it.stripe.customers.list({}, { stripeAccount: 'acct_other' }))).toMatchObject({
      statusCode: 403,
      code: 'account_invalid',
      message: expect.stringMatching(
        /^The provided key 'sk_test_\*+.{4}' does not have access to account 'acct_other'/,
      ),
    })
    const { id } = await it.stripe.accounts.retrieveCurrent()
    expect((await it.stripe.customers.list({}, { stripeAccount: id })).object).toBe('list')
  })
})
