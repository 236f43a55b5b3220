import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, idOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

const SUCCESS = { success_url: 'https://shop.example/ok' }

const confirm = async (id: string, payment_method = 'pm_card_visa') =>
  stripe.rawRequest('POST', `/v1/payment_pages/${id}/confirm`, { payment_method })

async function aOneTimePrice(unit_amount: number): Promise<string> {
  return (await stripe.prices.create({ currency: 'usd', unit_amount, product_data: { name: 'Setup fee' } })).id
}

async function aPayment(params: Partial<Stripe.Checkout.SessionCreateParams> = {}): Promise<string> {
  const line_items = [{ price: await aOneTimePrice(2500), quantity: 2 }]
  return (await stripe.checkout.sessions.create({ mode: 'payment', line_items, ...SUCCESS, ...params })).id
}

describe('setup mode (https://docs.stripe.com/payments/save-and-reuse?platform=web&ui=stripe-hosted)', () => {
  test('saves a card for a customer, and has a setup intent from the beginning', async () => {
    const { id: customer } = await it.aCustomer({ card: null })
    const session = await stripe.checkout.sessions.create({
      ...{ mode: 'setup', currency: 'usd', customer, ...SUCCESS },
      setup_intent_data: { description: 'For later', metadata: { plan: 'pro' } },
    })
    expect(session).toMatchObject({ mode: 'setup', amount_total: null, payment_status: 'unpaid', status: 'open' })
    const page = await (await fetch(session.url ?? '')).text()
    expect(page).toContain('Save your card')
    expect(page).not.toContain('Pay with a card')
    const types = await it.eventsOf(() => confirm(session.id))
    expect(types).toEqual(['payment_method.attached', 'setup_intent.succeeded', 'checkout.session.completed'])
    const complete = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent'] })
    expect(complete).toMatchObject({ status: 'complete', payment_status: 'no_payment_required', customer })
    const method = (await stripe.customers.listPaymentMethods(customer)).data[0]?.id
    expect(complete.setup_intent).toMatchObject({
      ...{ status: 'succeeded', payment_method: method, description: 'For later', metadata: { plan: 'pro' } },
    })
  })
  test('without a customer, it creates one only if asked to', async () => {
    const guest = await stripe.checkout.sessions.create({ mode: 'setup', currency: 'usd', ...SUCCESS })
    await confirm(guest.id)
    expect((await stripe.checkout.sessions.retrieve(guest.id)).customer).toBeNull()
    const known = { mode: 'setup', currency: 'usd', customer_creation: 'always', ...SUCCESS } as const
    const { id } = await stripe.checkout.sessions.create(known)
    await confirm(id)
    const { customer } = await stripe.checkout.sessions.retrieve(id)
    expect((await stripe.customers.listPaymentMethods(idOf(customer))).data).toHaveLength(1)
  })
  test("its intent can't be confirmed or canceled past the session", async () => {
    const session = await stripe.checkout.sessions.create({ mode: 'setup', currency: 'usd', ...SUCCESS })
    const intent = idOf(session.setup_intent)
    const refused = { statusCode: 400, message: expect.stringContaining('on SetupIntents created by Checkout.') }
    const confirmed = stripe.setupIntents.confirm(intent, { payment_method: 'pm_card_visa' })
    expect(await errorOf(confirmed)).toMatchObject(refused)
    expect(await errorOf(stripe.setupIntents.cancel(intent))).toMatchObject(refused)
    await confirm(session.id)
    expect((await stripe.setupIntents.retrieve(intent)).status).toBe('succeeded')
  })
  test('a card that must be authenticated first is not saved yet', async () => {
    const { id: customer } = await it.aCustomer({ card: null })
    const session = await stripe.checkout.sessions.create({ mode: 'setup', currency: 'usd', customer, ...SUCCESS })
    expect(await errorOf(confirm(session.id, 'pm_card_authenticationRequiredOnSetup'))).toMatchObject({
      code: 'authentication_required',
    })
    const intent = await stripe.setupIntents.retrieve(idOf(session.setup_intent))
    expect(intent.status).toBe('requires_action')
    expect((await stripe.customers.listPaymentMethods(customer)).data).toEqual([])
  })
  test.each([
    [{ line_items: [{ price: 'price_x', quantity: 1 }] }, 'line_items'],
    [{ subscription_data: { description: 'x' } }, 'subscription_data'],
    [{ payment_intent_data: { description: 'x' } }, 'payment_intent_data'],
  ])('%j is refused', async (params, param) => {
    const call = stripe.checkout.sessions.create(untyped({ mode: 'setup', currency: 'usd', ...SUCCESS, ...params }))
    expect(await errorOf(call)).toMatchObject({ statusCode: 400, param })
  })
})

test("a payment's intent can't be confirmed, changed or canceled past its open session (https://docs.stripe.com/api/payment_intents/cancel)", async () => {
  const id = await aPayment()
  await errorOf(confirm(id, 'pm_card_visa_chargeDeclined'))
  const intent = idOf((await stripe.checkout.sessions.retrieve(id)).payment_intent)
  const message =
    'You cannot perform this action on PaymentIntents created by Checkout. Try expiring the Checkout Session instead.'
  for (const call of [
    stripe.paymentIntents.confirm(intent, { payment_method: 'pm_card_visa' }),
    stripe.paymentIntents.cancel(intent),
    stripe.paymentIntents.update(intent, { amount: 100 }),
  ])
    expect(await errorOf(call)).toMatchObject({ statusCode: 400, message })
  expect(await stripe.paymentIntents.update(intent, { metadata: { order: '1' } })).toMatchObject({
    ...{ amount: 5000, status: 'requires_payment_method' },
  })
  await stripe.checkout.sessions.expire(id)
  expect((await stripe.paymentIntents.retrieve(intent)).status).toBe('canceled')
})

describe('payment mode (https://docs.stripe.com/api/checkout/sessions/create)', () => {
  test('has a guest unless it creates a customer', async () => {
    const guest = await aPayment()
    await confirm(guest)
    const session = await stripe.checkout.sessions.retrieve(guest, { expand: ['payment_intent'] })
    expect(session).toMatchObject({ customer: null, payment_status: 'paid', customer_creation: 'if_required' })
    expect(session.payment_intent).toMatchObject({ customer: null, amount_received: 5000 })
    const known = await aPayment({ customer_creation: 'always' })
    await confirm(known)
    expect((await stripe.checkout.sessions.retrieve(known)).customer).toMatch(/^cus_/)
    const { id: customer } = await it.aCustomer()
    expect(await errorOf(aPayment({ customer, customer_creation: 'always' }))).toMatchObject({
      code: 'parameters_exclusive',
    })
  })
  test('puts `payment_intent_data` on its payment, and saves the card for later if asked to', async () => {
    const payment_intent_data = { description: 'Two things', metadata: { order: '7' } }
    const { id: customer } = await it.aCustomer({ card: null })
    const plain = await aPayment({ customer, payment_intent_data })
    await confirm(plain)
    const session = await stripe.checkout.sessions.retrieve(plain, { expand: ['payment_intent'] })
    expect(session.payment_intent).toMatchObject(payment_intent_data)
    expect((await stripe.customers.listPaymentMethods(customer)).data).toEqual([])
    await confirm(await aPayment({ customer, payment_intent_data: { setup_future_usage: 'off_session' } }))
    expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(1)
  })
  test('can hold the money for a later capture', async () => {
    const id = await aPayment({ payment_intent_data: { capture_method: 'manual' } })
    await confirm(id)
    const session = await stripe.checkout.sessions.retrieve(id, { expand: ['payment_intent'] })
    expect(session).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
    expect(session.payment_intent).toMatchObject({ status: 'requires_capture', amount_capturable: 5000 })
  })
  test('makes a paid invoice with `invoice_creation` (payments/checkout/receipts)', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'once' })
    const { id: taxId } = await stripe.taxIds.create({ type: 'eu_vat', value: 'DE123456789' })
    const says = { account_tax_ids: [taxId], custom_fields: [{ name: 'PO', value: '7' }], description: 'Thanks' }
    const invoice_creation = { enabled: true, invoice_data: { ...says, metadata: { order: '8' } } }
    const id = await aPayment({ discounts: [{ coupon: coupon.id }], invoice_creation })
    await confirm(id)
    const session = await stripe.checkout.sessions.retrieve(id, { expand: ['invoice.payments'] })
    expect(session.invoice).toMatchObject({
      ...{ status: 'paid', total: 4500, amount_paid: 4500, ...says, metadata: { order: '8' } },
      ...{ customer: session.customer, billing_reason: 'manual' },
      payments: { data: [{ status: 'paid', payment: { payment_intent: session.payment_intent } }] },
    })
    expect(session.invoice_creation).toMatchObject({ enabled: true, invoice_data: says })
  })
})

describe('one-time prices beside recurring ones', () => {
  test('are billed with the first invoice, even if there is a trial', async () => {
    const [plan, fee] = [await it.aPrice({ amount: 1000 }), await aOneTimePrice(300)]
    const line_items = [
      { price: plan.id, quantity: 1 },
      { price: fee, quantity: 2 },
    ]
    const session = await it.aCheckout({ line_items })
    expect(session.amount_total).toBe(1600)
    const trial = await it.aCheckout({ line_items, subscription_data: { trial_period_days: 7 } })
    expect(trial.amount_total).toBe(600)
    for (const [id, total] of [[session.id, 1600] as const, [trial.id, 600] as const]) {
      await confirm(id)
      const { invoice, subscription } = await stripe.checkout.sessions.retrieve(id, {
        expand: ['invoice', 'subscription'],
      })
      expect(invoice).toMatchObject({ total, status: 'paid' })
      expect(subscription).toMatchObject({ items: { data: [{ price: { id: plan.id } }] } })
    }
  })
  test('`add_invoice_items` of a subscription are billed once', async () => {
    const [plan, fee] = [await it.aPrice({ amount: 1000 }), await aOneTimePrice(300)]
    const { product } = await stripe.prices.retrieve(fee)
    const add_invoice_items = [
      { price: fee, quantity: 2 },
      { price_data: { currency: 'usd', product: idOf(product), unit_amount: 50 } },
    ]
    const { clock, customer, subscription } = await it.aSubscriber({
      ...{ from: '2026-04-01T00:00:00Z', price: plan.id, params: { add_invoice_items } },
    })
    await stripe.subscriptions.update(subscription.id, { add_invoice_items: [{ price: fee }] })
    await it.advance(clock, '2026-06-02T00:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1650, 1300, 1000])
    expect(at('2026-06-01T00:00:00Z')).toBe(
      (await it.subscription(subscription.id)).items.data[0]?.current_period_start,
    )
    const wrong = { add_invoice_items: [{ price: plan.id }] }
    expect(await errorOf(stripe.subscriptions.update(subscription.id, wrong))).toMatchObject({
      param: 'add_invoice_items[0][price]',
    })
  })
})

test('the page of a donation says so, and a receipt says who was paid, with which card, and what came back', async () => {
  const page = `${it.sandbox.url}/c/pay/${await aPayment({ submit_type: 'donate' })}`
  expect(await (await fetch(page)).text()).toContain('Donate $50.00')
  const { id, latest_charge } = await stripe.paymentIntents.create({
    ...{ amount: 2500, currency: 'usd', payment_method: 'pm_card_amex', confirm: true, description: 'One mug' },
  })
  await stripe.refunds.create({ payment_intent: id, amount: 700 })
  const { receipt_url } = await stripe.charges.retrieve(idOf(latest_charge))
  const receipt = await (await fetch(receipt_url ?? '')).text()
  for (const text of ['$25.00', 'American Express ending in 0005', 'One mug', '$7.00']) expect(receipt).toContain(text)
})

test("the app's own page takes a phone number and a tax ID, removes both, and refuses a wrong number", async () => {
  const open = async (more: object) => {
    const line_items = [{ price: await aOneTimePrice(2500), quantity: 1 }]
    const { id } = await stripe.checkout.sessions.create({
      ...{ mode: 'payment', ui_mode: 'elements', line_items, return_url: 'https://shop.example/ok', ...more },
    })
    const url = `/v1/payment_pages/${id}/elements`
    return { id, send: (params: Record<string, unknown>, path = '') => stripe.rawRequest('POST', url + path, params) }
  }
  const { id, send } = await open({ customer_creation: 'always', tax_id_collection: { enabled: true } })
  const taxId = { type: 'eu_vat', value: 'DE123456789' }
  const tax_id = { ...taxId, business_name: 'Ada GmbH' }
  expect(await send({ phone: '+49 30 123456', tax_id })).toMatchObject({
    session: {
      ...{ phoneNumber: '+49 30 123456', businessName: 'Ada GmbH' },
      taxIdInfo: { taxId, businessName: 'Ada GmbH' },
    },
  })
  expect(await errorOf(send({ tax_id: { ...tax_id, value: 'DE1' } }))).toMatchObject({ code: 'invalidTaxId' })
  expect(await send({ phone: '', tax_id: '' })).toMatchObject({
    session: { phoneNumber: null, businessName: null, taxIdInfo: null },
  })
  await send({ tax_id })
  const phone = '+49 30 654321'
  await send({ email: 'ada@example.com', payment_method: 'pm_card_visa', phone }, '/confirm')
  const { customer, customer_details } = await stripe.checkout.sessions.retrieve(id)
  expect(customer_details).toMatchObject({ phone, business_name: 'Ada GmbH', tax_ids: [taxId] })
  expect(await stripe.customers.retrieve(idOf(customer))).toMatchObject({ phone })
  expect((await stripe.customers.listTaxIds(idOf(customer))).data).toMatchObject([taxId])
  const without = await open({})
  expect(await errorOf(without.send({ tax_id }))).toMatchObject({
    message: 'This Checkout Session does not collect tax IDs.',
  })
})
