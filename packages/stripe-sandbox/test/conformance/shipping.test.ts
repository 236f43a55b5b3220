import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card } from '../hosted-pages.ts'
import { errorOf, expanded, idOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

/** The options of Stripe's example: free in 5 to 7 business days, or $15.00 for the next business day. */
const FREE = {
  type: 'fixed_amount',
  display_name: 'Free shipping',
  fixed_amount: { amount: 0, currency: 'usd' },
  delivery_estimate: { minimum: { unit: 'business_day', value: 5 }, maximum: { unit: 'business_day', value: 7 } },
} as const
const NEXT_DAY = {
  type: 'fixed_amount',
  display_name: 'Next day air',
  fixed_amount: { amount: 1500, currency: 'usd' },
  delivery_estimate: { minimum: { unit: 'business_day', value: 1 }, maximum: { unit: 'business_day', value: 1 } },
} as const
const NEW_YORK = {
  shippingName: 'Jenny Rosen',
  shippingCountry: 'US',
  shippingLine1: '1 Main Street',
  shippingPostalCode: '10001',
  shippingCity: 'New York',
}

async function aMug(): Promise<string> {
  const { id } = await stripe.prices.create({ currency: 'usd', unit_amount: 2000, product_data: { name: 'Mug' } })
  return id
}

async function anOrder(params: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  return it.aCheckout({
    mode: 'payment',
    line_items: [{ price: await aMug(), quantity: 1 }],
    shipping_address_collection: { allowed_countries: ['US', 'CA'] },
    shipping_options: [{ shipping_rate_data: FREE }, { shipping_rate_data: NEXT_DAY }],
    ...params,
  })
}

describe('shipping rates (https://docs.stripe.com/api/shipping_rates)', () => {
  test('are created, listed, extended and archived', async () => {
    const { id, ...rate } = await stripe.shippingRates.create({ ...NEXT_DAY, metadata: { carrier: 'air' } })
    expect(rate).toMatchObject({
      ...{ object: 'shipping_rate', active: true, type: 'fixed_amount', tax_behavior: 'unspecified' },
      ...{ fixed_amount: { amount: 1500, currency: 'usd' }, delivery_estimate: NEXT_DAY.delivery_estimate },
    })
    await stripe.shippingRates.update(id, { fixed_amount: { currency_options: { eur: { amount: 1400 } } } })
    const { fixed_amount } = await stripe.shippingRates.retrieve(id, { expand: ['fixed_amount.currency_options'] })
    expect(fixed_amount?.currency_options).toEqual({
      usd: { amount: 1500, tax_behavior: 'unspecified' },
      eur: { amount: 1400, tax_behavior: 'unspecified' },
    })
    const again = stripe.shippingRates.update(id, { fixed_amount: { currency_options: { eur: { amount: 1 } } } })
    expect(await errorOf(again)).toMatchObject({ statusCode: 400, param: 'fixed_amount[currency_options][eur]' })
    await stripe.shippingRates.update(id, { active: false })
    expect((await stripe.shippingRates.list({ active: true, limit: 100 })).data.map((each) => each.id)).not.toContain(
      id,
    )
    const archived = anOrder({ shipping_options: [{ shipping_rate: id }] })
    expect(await errorOf(archived)).toMatchObject({ param: 'shipping_options[0][shipping_rate]' })
    expect(await errorOf(stripe.shippingRates.retrieve('shr_none'))).toMatchObject({ code: 'resource_missing' })
  })
})

describe('shipping in checkout (https://docs.stripe.com/payments/during-payment/charge-shipping)', () => {
  test('the first option is chosen, and a customer can choose another', async () => {
    const session = await anOrder()
    expect(session).toMatchObject({
      ...{ amount_subtotal: 2000, amount_total: 2000, shipping_cost: { amount_total: 0 } },
      shipping_address_collection: { allowed_countries: ['US', 'CA'] },
    })
    const browser = new Browser()
    const page = await browser.open(session.url)
    expect(page.text).toContain('5 to 7 business days')
    const express = idOf(session.shipping_options[1]?.shipping_rate)
    const typed = { ...card('4242 4242 4242 4242'), ...NEW_YORK, shippingRate: express }
    const changed = await browser.submit(page, typed)
    expect(changed.status).toBe(200)
    expect(changed.text).toContain('The total has changed')
    expect(changed.text).toContain('Shipping (Next day air)')
    expect((await browser.submit(changed, typed)).status).toBe(303)
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent', 'shipping_cost.shipping_rate'],
    })
    const address = {
      city: 'New York',
      country: 'US',
      line1: '1 Main Street',
      line2: null,
      postal_code: '10001',
      state: null,
    }
    expect(paid).toMatchObject({
      ...{ amount_total: 3500, total_details: { amount_shipping: 1500 } },
      shipping_cost: { amount_subtotal: 1500, amount_total: 1500, shipping_rate: { display_name: 'Next day air' } },
      collected_information: { shipping_details: { name: 'Jenny Rosen', address } },
      payment_intent: { amount: 3500, shipping: { name: 'Jenny Rosen', address } },
    })
  })
  test('an address is required, in one of the countries', async () => {
    const browser = new Browser()
    const page = await browser.open((await anOrder()).url)
    const without = await browser.submit(page, card('4242 4242 4242 4242'))
    expect(without).toMatchObject({ status: 400, alert: 'Please choose a country that we ship to.' })
    const abroad = await browser.submit(page, { ...card('4242 4242 4242 4242'), ...NEW_YORK, shippingCountry: 'DE' })
    expect(abroad.alert).toBe('Please choose a country that we ship to.')
    const nameless = await browser.submit(page, { ...card('4242 4242 4242 4242'), ...NEW_YORK, shippingName: '' })
    expect(nameless.alert).toBe('Please enter your shipping address.')
    const pressed = await browser.submit(page, {}, { name: 'testCard', value: '4242 4242 4242 4242' })
    expect(pressed.status).toBe(303)
  })
  test('automatic tax depends on where it is sent, and shipping is taxed, too (https://docs.stripe.com/tax/checkout)', async () => {
    const session = await anOrder({
      automatic_tax: { enabled: true },
      invoice_creation: { enabled: true },
      customer_creation: 'always',
      shipping_options: [{ shipping_rate_data: { ...NEXT_DAY, tax_behavior: 'exclusive' } }],
    })
    const browser = new Browser()
    const typed = { ...card('4242 4242 4242 4242'), ...NEW_YORK }
    const taxed = await browser.submit(await browser.open(session.url), typed)
    expect((await browser.submit(taxed, typed)).status).toBe(303)
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['invoice', 'customer', 'shipping_cost.taxes'],
    })
    // 4 % in New York: 80 of $20.00, and 60 of $15.00.
    expect(paid).toMatchObject({
      ...{ amount_total: 3640, total_details: { amount_shipping: 1500, amount_tax: 140 } },
      shipping_cost: { amount_subtotal: 1500, amount_tax: 60, amount_total: 1560, taxes: [{ amount: 60 }] },
      customer: { shipping: { name: 'Jenny Rosen', address: { postal_code: '10001' } } },
    })
    expect(expanded(paid.invoice)).toMatchObject({
      ...{ total: 3640, subtotal: 2000, amount_paid: 3640, amount_shipping: 1500, status: 'paid' },
      ...{ shipping_cost: { amount_total: 1560 }, shipping_details: { name: 'Jenny Rosen' } },
    })
  })
  test('is only for payments, and an address is not for setups', async () => {
    const { id } = await it.aPrice()
    const line_items = [{ price: id, quantity: 1 }]
    expect(await errorOf(anOrder({ mode: 'subscription', line_items }))).toMatchObject({ param: 'shipping_options' })
    const setup = stripe.checkout.sessions.create({
      mode: 'setup',
      success_url: 'https://shop.example/ok',
      shipping_address_collection: { allowed_countries: ['US'] },
    })
    expect(await errorOf(setup)).toMatchObject({ param: 'shipping_address_collection' })
    const nowhere = anOrder({ shipping_address_collection: { allowed_countries: ['KP'] } })
    expect(await errorOf(nowhere)).toMatchObject({ param: 'shipping_address_collection[allowed_countries][0]' })
    const euro = { ...FREE, fixed_amount: { amount: 0, currency: 'eur' } }
    expect(await errorOf(anOrder({ shipping_options: [{ shipping_rate_data: euro }] }))).toMatchObject({
      param: 'shipping_options[0][shipping_rate]',
    })
  })
  test('a subscription keeps the address for its customer', async () => {
    const session = await it.aCheckout({ shipping_address_collection: { allowed_countries: ['US'] } })
    const browser = new Browser()
    const page = await browser.open(session.url)
    expect((await browser.submit(page, { ...card('4242 4242 4242 4242'), ...NEW_YORK })).status).toBe(303)
    const { customer } = await stripe.checkout.sessions.retrieve(session.id, { expand: ['customer'] })
    expect(expanded(customer)).toMatchObject({ shipping: { address: { city: 'New York' } } })
  })
  test('an open session can get other options and an address (https://docs.stripe.com/payments/checkout/custom-shipping-options)', async () => {
    const { id } = await anOrder()
    const address = { country: 'US', line1: '1 Main Street', city: 'New York', postal_code: '10001' }
    const changed = await stripe.checkout.sessions.update(id, {
      collected_information: { shipping_details: { name: 'Ada', address } },
      shipping_options: [{ shipping_rate_data: NEXT_DAY }],
    })
    expect(changed).toMatchObject({
      ...{ amount_total: 3500, collected_information: { shipping_details: { name: 'Ada' } } },
    })
    expect(changed.shipping_options).toMatchObject([{ shipping_amount: 1500 }])
  })
})

test('an invoice can have a shipping cost (https://docs.stripe.com/api/invoices/create)', async () => {
  const { id: customer } = await it.aCustomer()
  await stripe.invoiceItems.create({ customer, amount: 2000, currency: 'usd' })
  const invoice = await stripe.invoices.create({
    customer,
    pending_invoice_items_behavior: 'include',
    shipping_cost: { shipping_rate_data: NEXT_DAY },
  })
  expect(invoice).toMatchObject({ subtotal: 2000, amount_shipping: 1500, total: 3500, amount_due: 3500 })
  const free = await stripe.invoices.update(invoice.id, { shipping_cost: '' })
  expect(free).toMatchObject({ shipping_cost: null, total: 2000 })
})

test('a credit note can credit the shipping cost of an invoice (https://docs.stripe.com/api/credit_notes/create)', async () => {
  const { id: customer } = await it.aCustomer()
  await stripe.customers.update(customer, { address: { country: 'US', postal_code: '10001' } })
  await stripe.invoiceItems.create({ customer, amount: 2000, currency: 'usd' })
  const { id: rate } = await stripe.shippingRates.create({ ...NEXT_DAY, tax_behavior: 'exclusive' })
  const { id: other } = await stripe.shippingRates.create(NEXT_DAY)
  const { id: invoice } = await stripe.invoices.create({
    ...{ customer, automatic_tax: { enabled: true }, pending_invoice_items_behavior: 'include' },
    shipping_cost: { shipping_rate: rate },
  })
  await stripe.invoices.finalizeInvoice(invoice)
  const given = { invoice, shipping_cost: { shipping_rate: rate }, expand: ['shipping_cost.taxes'] }
  // $15.00 and 4 % in New York.
  expect(await stripe.creditNotes.preview(given)).toMatchObject({
    ...{ subtotal: 0, amount_shipping: 1500, total: 1560, total_excluding_tax: 1500, total_taxes: [{ amount: 60 }] },
    shipping_cost: { amount_subtotal: 1500, amount_tax: 60, amount_total: 1560, shipping_rate: rate },
  })
  const param = 'shipping_cost[shipping_rate]'
  const wrong = { invoice, shipping_cost: { shipping_rate: other } }
  expect(await errorOf(stripe.creditNotes.create(wrong))).toMatchObject({ param })
  const note = await stripe.creditNotes.create(given)
  expect(note.shipping_cost?.taxes).toMatchObject([{ amount: 60, taxable_amount: 1500 }])
  expect(await errorOf(stripe.creditNotes.create(given))).toMatchObject({ param })
  expect(await stripe.invoices.retrieve(invoice)).toMatchObject({ amount_remaining: 2080 })
})

test('a session keeps what its payment and its charge show (https://docs.stripe.com/api/checkout/sessions/create)', async () => {
  const shown = {
    receipt_email: 'jenny@example.com',
    shipping: { name: 'Jenny Rosen', carrier: 'Air', address: { country: 'US', line1: '1 Main Street' } },
    statement_descriptor_suffix: 'MUG',
    transfer_group: 'order_1',
  }
  const session = await it.aCheckout({
    ...{ mode: 'payment', line_items: [{ price: await aMug(), quantity: 1 }], payment_intent_data: shown },
  })
  expect((await new Browser().pay(session)).status).toBe(303)
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge'] })
  const intent = expanded(paid.payment_intent)
  const all = { ...shown, shipping: { ...shown.shipping, phone: null, address: { line2: null, country: 'US' } } }
  expect(intent).toMatchObject(all)
  expect(intent.latest_charge).toMatchObject(all)
})

test('an update of a payment link replaces its shipping rates, or removes them', async () => {
  const [first, second] = [await stripe.shippingRates.create(FREE), await stripe.shippingRates.create(NEXT_DAY)]
  const { id } = await stripe.paymentLinks.create({
    line_items: [{ price: await aMug(), quantity: 1 }],
    shipping_options: [{ shipping_rate: first.id }],
  })
  const options = (rates: string[]) => ({ shipping_options: rates.map((shipping_rate) => ({ shipping_rate })) })
  expect(await stripe.paymentLinks.update(id, options([second.id, first.id]))).toMatchObject({
    shipping_options: [
      { shipping_amount: 1500, shipping_rate: second.id },
      { shipping_amount: 0, shipping_rate: first.id },
    ],
  })
  expect(await errorOf(stripe.paymentLinks.update(id, options(['shr_none'])))).toMatchObject({
    param: 'shipping_options[0][shipping_rate]',
  })
  expect(await stripe.paymentLinks.update(id, { shipping_options: '' })).toMatchObject({ shipping_options: [] })
})
