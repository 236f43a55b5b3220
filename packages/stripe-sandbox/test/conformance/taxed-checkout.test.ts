import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card } from '../hosted-pages.ts'
import { errorOf, idOf, TestSandbox } from '../test-sandbox.ts'

const ENABLED = { automatic_tax: { enabled: true } }

let it: TestSandbox
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe('checkout with automatic tax (https://docs.stripe.com/tax/checkout)', () => {
  test('asks for an address, shows the tax, and charges what it showed', async () => {
    const session = await it.aCheckout({ amount: 1000, ...ENABLED })
    expect(session).toMatchObject({
      automatic_tax: { enabled: true, status: 'requires_location_inputs' },
      amount_total: 1000,
      total_details: { amount_tax: 0 },
    })
    const form = { ...card('4242 4242 4242 4242'), country: 'DE', postalCode: '10115' }
    const changed = await browser.submit(await browser.open(session.url), form)
    expect(changed.text).toContain('The total has changed with what you entered.')
    expect(changed.text).toContain('$11.90')
    expect((await it.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')

    expect((await browser.submit(changed, form)).status).toBe(303)
    const paid = await it.stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice', 'subscription'] })
    expect(paid).toMatchObject({
      status: 'complete',
      automatic_tax: { status: 'complete' },
      amount_total: 1190,
      total_details: { amount_tax: 190 },
      customer_details: { address: { country: 'DE', postal_code: '10115' } },
      invoice: { total: 1190, amount_paid: 1190, automatic_tax: { enabled: true, status: 'complete' } },
      subscription: { automatic_tax: { enabled: true } },
    })
    expect(await it.stripe.customers.retrieve(idOf(paid.customer))).toMatchObject({ address: { country: 'DE' } })
  })
  test('an incomplete address or a malformed tax number keeps the session open', async () => {
    const session = await it.aCheckout({ ...ENABLED, tax_id_collection: { enabled: true } })
    const page = await browser.open(session.url)
    const nowhere = await browser.submit(page, { ...card('4242 4242 4242 4242'), country: 'US', postalCode: 'x' })
    expect(nowhere).toMatchObject({ status: 400, alert: 'Please enter a valid ZIP code.' })
    const malformed = { ...card('4242 4242 4242 4242'), country: 'DE', taxId: 'DE1' }
    expect(await browser.submit(page, malformed)).toMatchObject({ alert: 'Please enter a valid VAT or tax number.' })
    expect((await it.stripe.checkout.sessions.retrieve(session.id)).status).toBe('open')
  })
  test('a business abroad gives its number and pays no tax', async () => {
    await using seller = await TestSandbox.start()
    await seller.stripe.tax.settings.update({ head_office: { address: { country: 'DE' } } })
    const session = await seller.aCheckout({ amount: 1000, ...ENABLED, tax_id_collection: { enabled: true } })
    const form = { ...card('4242 4242 4242 4242'), country: 'FR', taxId: 'FR00000000000' }
    expect((await browser.submit(await browser.open(session.url), form)).status).toBe(303)
    const paid = await seller.stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice'] })
    expect(paid).toMatchObject({
      amount_total: 1000,
      customer_details: { tax_ids: [{ type: 'eu_vat', value: 'FR00000000000' }] },
      invoice: { total: 1000, total_taxes: [{ taxability_reason: 'reverse_charge' }] },
    })
    expect((await seller.stripe.customers.listTaxIds(idOf(paid.customer))).data).toMatchObject([
      { value: 'FR00000000000' },
    ])
  })
  test('a number that the customer already has is accepted as it is, even with an address abroad', async () => {
    const { id: customer } = await it.stripe.customers.create({ address: { country: 'CH' } })
    await it.stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'FR12000000000' })
    const more = {
      customer,
      customer_update: { address: 'auto', name: 'auto' },
      tax_id_collection: { enabled: true },
    } as const
    const session = await it.aCheckout({ ...ENABLED, ...more })
    const form = { ...card('4242 4242 4242 4242'), country: 'CH', taxId: 'FR12000000000' }
    expect((await browser.submit(await browser.open(session.url), form)).status).toBe(303)
    expect((await it.stripe.customers.listTaxIds(customer)).data).toMatchObject([{ type: 'eu_vat' }])
  })
  test('a one-time payment is taxed, too', async () => {
    const { id: price } = await it.stripe.prices.create({
      currency: 'usd',
      unit_amount: 10_000,
      tax_behavior: 'exclusive',
      product_data: { name: 'Book' },
    })
    const { id: customer } = await it.stripe.customers.create({
      email: 'ada@example.com',
      address: { country: 'US', state: 'TX' },
    })
    const line_items = [{ price, quantity: 1 }]
    const session = await it.aCheckout({
      mode: 'payment',
      customer,
      line_items,
      invoice_creation: { enabled: true },
      ...ENABLED,
    })
    expect(session).toMatchObject({ automatic_tax: { status: 'complete' }, amount_total: 10_625 })
    expect((await browser.pay(session)).status).toBe(303)
    expect(
      await it.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent', 'invoice'] }),
    ).toMatchObject({
      payment_intent: { amount_received: 10_625 },
      invoice: { status: 'paid', total: 10_625, automatic_tax: { status: 'complete' } },
    })
  })
  test("a customer's address must be known, or the page must be able to save it", async () => {
    const { id: customer } = await it.stripe.customers.create({ email: 'ada@example.com' })
    expect(await errorOf(it.aCheckout({ customer, ...ENABLED }))).toMatchObject({
      code: 'customer_tax_location_invalid',
    })
    expect(await errorOf(it.aCheckout({ customer, tax_id_collection: { enabled: true } }))).toMatchObject({
      param: 'tax_id_collection[enabled]',
    })
    const session = await it.aCheckout({ amount: 1000, customer, ...ENABLED, customer_update: { address: 'auto' } })
    const form = { ...card('4242 4242 4242 4242'), country: 'SE' }
    await browser.submit(await browser.submit(await browser.open(session.url), form), form)
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ address: { country: 'SE' } })
    expect(await it.latestInvoice(customer)).toMatchObject({ total: 1250 })
  })
})
