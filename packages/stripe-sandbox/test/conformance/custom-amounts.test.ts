import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card, type Page } from '../hosted-pages.ts'
import { errorOf, idOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

async function aPrice(
  custom: Omit<Stripe.PriceCreateParams.CustomUnitAmount, 'enabled'> = { minimum: 500, maximum: 5000, preset: 1000 },
  params: Partial<Stripe.PriceCreateParams> = {},
): Promise<Stripe.Price> {
  return stripe.prices.create({
    currency: 'usd',
    custom_unit_amount: { enabled: true, ...custom },
    product_data: { name: 'Donation' },
    ...params,
  })
}

async function aSession(price: string, params: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  return stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'https://shop.example/ok',
    line_items: [{ price, quantity: 1 }],
    ...params,
  })
}

/** The name of the field that a page asks for an amount in. */
function fieldIn({ text }: Page): string {
  const [name] = /amount-li_\w+/.exec(text) ?? []
  if (name === undefined) throw new Error('The page asks for no amount.')
  return name
}

describe('prices with a custom_unit_amount (https://docs.stripe.com/api/prices/object#price_object-custom_unit_amount)', () => {
  test('are shown with their bounds, alone, in lists and as the default price of a product', async () => {
    const price = await aPrice()
    const custom = { minimum: 500, maximum: 5000, preset: 1000 }
    expect(price).toMatchObject({ custom_unit_amount: custom, type: 'one_time', unit_amount: null })
    expect(price.unit_amount_decimal).toBeNull()
    const product = idOf(price.product)
    expect((await stripe.prices.list({ product })).data).toMatchObject([{ id: price.id, custom_unit_amount: custom }])
    const { default_price } = await stripe.products.create({
      name: 'Tip',
      default_price_data: { currency: 'usd', custom_unit_amount: { enabled: true } },
      expand: ['default_price'],
    })
    expect(default_price).toMatchObject({ custom_unit_amount: { minimum: null, maximum: null, preset: null } })
  })

  test('have bounds in each currency', async () => {
    const { id } = await aPrice(undefined, {
      currency_options: { eur: { custom_unit_amount: { enabled: true, preset: 900 } } },
    })
    const { currency_options } = await stripe.prices.retrieve(id, { expand: ['currency_options'] })
    expect(currency_options).toMatchObject({
      eur: { custom_unit_amount: { maximum: null, minimum: null, preset: 900 }, unit_amount: null },
      usd: { custom_unit_amount: { minimum: 500 } },
    })
    expect(await aSession(id, { currency: 'eur' })).toMatchObject({ amount_total: 900, currency: 'eur' })
    expect(await errorOf(stripe.prices.update(id, { currency_options: { gbp: { unit_amount: 5 } } }))).toMatchObject({
      param: 'currency_options[gbp][custom_unit_amount]',
    })
  })

  test.each([
    [{ recurring: { interval: 'month' } }, 'custom_unit_amount'],
    [{ unit_amount: 100 }, 'custom_unit_amount'],
    [{ custom_unit_amount: { enabled: false } }, 'custom_unit_amount[enabled]'],
    [{ custom_unit_amount: { enabled: true, minimum: 49 } }, 'custom_unit_amount[minimum]'],
    [{ custom_unit_amount: { enabled: true, minimum: 900, maximum: 800 } }, 'custom_unit_amount[minimum]'],
    [{ custom_unit_amount: { enabled: true, maximum: 800, preset: 900 } }, 'custom_unit_amount[preset]'],
    [{ currency_options: { eur: { unit_amount: 900 } } }, 'currency_options[eur][custom_unit_amount]'],
  ])('refuse %j, and create nothing', async (params, param) => {
    const before = (await stripe.prices.list({ limit: 1 })).data[0]?.id
    expect(await errorOf(aPrice({}, untyped(params)))).toMatchObject({ param, statusCode: 400 })
    expect((await stripe.prices.list({ limit: 1 })).data[0]?.id).toBe(before)
  })
})

describe('checkout with an amount that the customer chooses (https://docs.stripe.com/payments/checkout/pay-what-you-want)', () => {
  test('charges what was entered on the page, also on the invoice', async () => {
    const { id: price } = await aPrice()
    const session = await aSession(price, { invoice_creation: { enabled: true } })
    expect(session).toMatchObject({ amount_subtotal: 1000, amount_total: 1000 })
    const page = await browser.open(session.url ?? '')
    const changed = await browser.submit(page, { ...card('4242 4242 4242 4242'), [fieldIn(page)]: '23.50' })
    expect(changed.text).toContain('$23.50')
    const paid = await browser.submit(changed, { ...card('4242 4242 4242 4242'), [fieldIn(page)]: '23.50' })
    expect(paid).toMatchObject({ status: 303, location: 'https://shop.example/ok' })
    const after = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['line_items', 'payment_intent', 'invoice'],
    })
    expect(after).toMatchObject({
      amount_total: 2350,
      payment_status: 'paid',
      payment_intent: { amount_received: 2350 },
      invoice: { amount_paid: 2350, total: 2350 },
      line_items: { data: [{ amount_total: 2350, price: { id: price, unit_amount: null } }] },
    })
  })

  test.each(['', '4.99', '50.01', '10.005', 'ten'])('does not sell for "%s"', async (typed) => {
    const session = await aSession((await aPrice({ minimum: 500, maximum: 5000 })).id)
    expect(session.amount_total).toBe(0)
    const page = await browser.open(session.url ?? '')
    const answer = await browser.submit(page, { ...card('4242 4242 4242 4242'), [fieldIn(page)]: typed })
    expect(answer).toMatchObject({ status: 400, alert: 'Please enter an amount between $5.00 and $50.00.' })
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open', amount_total: 0 })
  })

  test('does not complete without an amount, not even if the page is left out', async () => {
    const session = await aSession((await aPrice({})).id)
    const page = await browser.open(session.url ?? '')
    expect(await browser.submit(page, card('4242 4242 4242 4242'))).toMatchObject({ status: 400 })
    const confirm = stripe.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, {
      payment_method: 'pm_card_visa',
    })
    expect(await errorOf(confirm)).toMatchObject({ statusCode: 400 })
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({ status: 'open' })
  })

  test('each visitor of a payment link chooses their own amount', async () => {
    const { id: price } = await aPrice()
    const link = await stripe.paymentLinks.create({ line_items: [{ price, quantity: 1 }] })
    for (const [typed, amount] of [
      ['5', 500],
      ['50.00', 5000],
    ] as const) {
      const followed = await browser.open(link.url)
      const page = await browser.open(followed.location ?? '')
      const fields = { ...card('4242 4242 4242 4242'), [fieldIn(page)]: typed }
      await browser.submit(await browser.submit(page, fields), fields)
      const [session] = (await stripe.checkout.sessions.list({ payment_link: link.id, limit: 1 })).data
      expect(session).toMatchObject({ amount_total: amount, payment_status: 'paid' })
    }
  })

  test("refuses other lines, other quantities and promotion codes in Stripe's words", async () => {
    const { id: price } = await aPrice()
    const other = (await stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Mug' } })).id
    const lines = [
      { price, quantity: 1 },
      { price: other, quantity: 1 },
    ]
    const one = 'You can only specify 1 line item when specifying a price with `custom_unit_amount` configured.'
    const quantity = 'Quantity must be 1 when a price with `custom_unit_amount` is specified.'
    const codes = 'You cannot enable promotion codes when using a price with `custom_unit_amount` configured.'
    for (const [params, message] of [
      [{ line_items: lines }, one],
      [{ line_items: [{ price: other, quantity: 1 }], optional_items: [{ price, quantity: 1 }] }, one],
      [{ line_items: [{ price, quantity: 2 }] }, quantity],
      [{ line_items: [{ price, quantity: 1, adjustable_quantity: { enabled: true } }] }, quantity],
      [{ allow_promotion_codes: true }, codes],
    ] as const) {
      expect(await errorOf(aSession(price, untyped(params)))).toMatchObject({ message })
      const link = { line_items: [{ price, quantity: 1 }], ...params }
      expect(await errorOf(stripe.paymentLinks.create(untyped(link)))).toMatchObject({ message })
    }
    const link = await stripe.paymentLinks.create({ line_items: [{ price, quantity: 1 }] })
    const [line] = (await stripe.paymentLinks.listLineItems(link.id)).data
    const twice = stripe.paymentLinks.update(link.id, { line_items: [{ id: line?.id ?? '', quantity: 2 }] })
    expect(await errorOf(twice)).toMatchObject({ message: quantity })
  })

  test('invoices do not take such a price', async () => {
    const [{ id: price }, { id: customer }] = [await aPrice(), await it.aCustomer()]
    expect(await errorOf(stripe.invoiceItems.create({ customer, pricing: { price } }))).toMatchObject({
      param: 'pricing[price]',
    })
  })
})
