import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser, card } from '../hosted-pages.ts'
import { errorOf, expanded, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

const linesOf = async (id: string) => (await stripe.checkout.sessions.listLineItems(id)).data

/** Submits the form that changes an order, beside the form that pays it. */
async function change({ url }: { url: string }, fields: Record<string, string>) {
  const page = await new Browser().open(url)
  const body = new URLSearchParams({ ...page.fields, ...fields })
  const response = await fetch(`${url}/order`, { method: 'POST', redirect: 'manual', body })
  return { status: response.status, text: await response.text() }
}

async function aOneTimePrice(unit_amount: number, name: string): Promise<string> {
  return (await stripe.prices.create({ currency: 'usd', unit_amount, product_data: { name } })).id
}

describe('adjustable quantities (https://docs.stripe.com/payments/checkout/adjustable-quantity)', () => {
  test('can be changed on the page within their bounds, and are what is paid', async () => {
    const { id: price } = await it.aPrice({ amount: 1000 })
    const adjustable_quantity = { enabled: true, minimum: 2, maximum: 5 }
    const session = await it.aCheckout({ line_items: [{ price, quantity: 2, adjustable_quantity }] })
    const [line] = await linesOf(session.id)
    expect(line?.adjustable_quantity).toEqual(adjustable_quantity)
    const field = `quantity-${line?.id}`
    expect((await change(session, { [field]: '4' })).status).toBe(200)
    const refused = await change(session, { [field]: '6' })
    expect(refused).toMatchObject({ status: 400, text: expect.stringContaining('This quantity is not available.') })
    expect((await change(session, { [field]: '1' })).status).toBe(400)
    expect((await change(session, { [field]: 'many' })).status).toBe(400)
    expect((await change(session, { [field]: '4', formToken: 'stolen' })).status).toBe(400)
    const browser = new Browser()
    const unapplied = { ...card('4242 4242 4242 4242'), [field]: '3' }
    const asked = await browser.submit(await browser.open(session.url), unapplied)
    expect(asked.text).toContain('Your order has changed. Please check the total, then continue.')
    expect((await browser.submit(asked, unapplied)).status).toBe(303)
    const { amount_total, subscription } = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription'],
    })
    expect(amount_total).toBe(3000)
    expect(itemOf(expanded(subscription)).quantity).toBe(3)
  })
  test('have bounds from 0 to 99 by default; 0 removes a line, but not the last one', async () => {
    const line_items = [
      { price: await aOneTimePrice(700, 'Mug'), quantity: 1, adjustable_quantity: { enabled: true } },
      { price: await aOneTimePrice(900, 'Hat'), quantity: 1, adjustable_quantity: { enabled: true } },
    ]
    const session = await it.aCheckout({ mode: 'payment', line_items })
    const [mug, hat] = await linesOf(session.id)
    expect(mug?.adjustable_quantity).toEqual({ enabled: true, minimum: 0, maximum: 99 })
    expect((await change(session, { [`quantity-${mug?.id}`]: '0' })).status).toBe(200)
    expect((await change(session, { [`quantity-${hat?.id}`]: '0' })).status).toBe(400)
    expect(await linesOf(session.id)).toMatchObject([{ description: 'Hat', quantity: 1 }])
  })
  test('the bounds must contain the quantity', async () => {
    const { id: price } = await it.aPrice()
    const wrong = (quantity: number, minimum: number, maximum: number) =>
      errorOf(
        it.aCheckout({ line_items: [{ price, quantity, adjustable_quantity: { enabled: true, minimum, maximum } }] }),
      )
    expect(await wrong(1, 2, 5)).toMatchObject({ param: 'line_items[0][quantity]' })
    expect(await wrong(3, 5, 2)).toMatchObject({ param: 'line_items[0][adjustable_quantity][minimum]' })
  })
})

describe('optional items (https://docs.stripe.com/payments/checkout/optional-items)', () => {
  test('can be added to an order, and removed again', async () => {
    const gift = await aOneTimePrice(300, 'Gift wrap')
    const session = await it.aCheckout({
      mode: 'payment',
      line_items: [{ price: await aOneTimePrice(2000, 'Mug'), quantity: 1 }],
      optional_items: [
        { price: gift, quantity: 1 },
        { price: await aOneTimePrice(500, 'Coaster'), quantity: 2, adjustable_quantity: { enabled: true, maximum: 6 } },
      ],
    })
    expect(session.optional_items).toMatchObject([
      { price: gift, quantity: 1, adjustable_quantity: null },
      { quantity: 2, adjustable_quantity: { enabled: true, minimum: 0, maximum: 6 } },
    ])
    expect(session.amount_total).toBe(2000)
    expect((await change(session, { 'optional-0': '1', 'optional-1': '3' })).status).toBe(200)
    expect((await stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(2000 + 300 + 3 * 500)
    expect((await change(session, { 'optional-1': '7' })).status).toBe(400)
    expect((await change(session, { 'optional-1': '0' })).status).toBe(200)
    expect((await new Browser().pay(session)).status).toBe(303)
    const { payment_intent } = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
    expect(expanded(payment_intent).amount).toBe(2300)
  })
  test('a subscription can have optional prices of the same interval only', async () => {
    const optional = async (interval: 'month' | 'year') => {
      const { id: price } = await it.aPrice({ amount: 500, interval, name: 'Support' })
      return it.aCheckout({ optional_items: [{ price, quantity: 1 }] })
    }
    const session = await optional('month')
    expect((await change(session, { 'optional-0': '1' })).status).toBe(200)
    await stripe.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, { payment_method: 'pm_card_visa' })
    const { subscription } = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
    expect(expanded(subscription).items.data).toHaveLength(2)
    expect(await errorOf(optional('year'))).toMatchObject({ statusCode: 400 })
  })
})

describe('payment links (https://docs.stripe.com/api/payment-link)', () => {
  test('pass on quantities, optional items, shipping and automatic tax', async () => {
    const { id: shipping_rate } = await stripe.shippingRates.create({
      display_name: 'Post',
      type: 'fixed_amount',
      fixed_amount: { amount: 500, currency: 'usd' },
    })
    const {
      id: link,
      url,
      ...shown
    } = await stripe.paymentLinks.create({
      automatic_tax: { enabled: true },
      line_items: [
        { price: await aOneTimePrice(2000, 'Mug'), quantity: 1, adjustable_quantity: { enabled: true, maximum: 3 } },
      ],
      optional_items: [{ price: await aOneTimePrice(300, 'Gift wrap'), quantity: 1 }],
      shipping_address_collection: { allowed_countries: ['US'] },
      shipping_options: [{ shipping_rate }],
      tax_id_collection: { enabled: true },
    })
    expect(shown).toMatchObject({
      automatic_tax: { enabled: true, liability: { type: 'self' } },
      optional_items: [{ quantity: 1 }],
      shipping_address_collection: { allowed_countries: ['US'] },
      shipping_options: [{ shipping_amount: 500, shipping_rate }],
      tax_id_collection: { enabled: true, required: 'never' },
    })
    await fetch(url, { redirect: 'manual' })
    const [session] = (await stripe.checkout.sessions.list({ payment_link: link })).data
    expect(session).toMatchObject({
      ...{ amount_total: 2500, shipping_cost: { amount_total: 500 }, optional_items: [{ quantity: 1 }] },
      ...{ automatic_tax: { enabled: true, status: 'requires_location_inputs' } },
    })
    const shipping = { name: 'Ada', address: { country: 'US', line1: '1 Main Street', postal_code: '10001' } }
    const confirm = { payment_method: 'pm_card_visa', shipping }
    await stripe.rawRequest('POST', `/v1/payment_pages/${session?.id}/confirm`, confirm)
    // 4 % in New York on the mug and on shipping.
    expect((await stripe.checkout.sessions.retrieve(session?.id ?? '')).amount_total).toBe(2600)
    const [line] = (await stripe.paymentLinks.listLineItems(link)).data
    const updated = await stripe.paymentLinks.update(link, {
      line_items: [{ id: line?.id ?? '', adjustable_quantity: { enabled: false } }],
      optional_items: '',
      shipping_address_collection: '',
    })
    expect(updated.shipping_address_collection).toBeNull()
    expect((await stripe.paymentLinks.listLineItems(link)).data[0]?.adjustable_quantity).toBeNull()
  })
})

test('an open session can get other lines (https://docs.stripe.com/payments/checkout/dynamically-update-line-items)', async () => {
  const line_items = [{ price: await aOneTimePrice(700, 'Mug'), quantity: 1 }]
  const session = await it.aCheckout({ mode: 'payment', line_items })
  const [line] = await linesOf(session.id)
  const hat = await aOneTimePrice(900, 'Hat')
  const changed = await stripe.checkout.sessions.update(session.id, {
    line_items: [
      { id: line?.id ?? '', quantity: 3 },
      { price: hat, quantity: 1 },
    ],
  })
  expect(changed.amount_total).toBe(3000)
  const unknown = stripe.checkout.sessions.update(session.id, { line_items: [{ id: 'li_none', quantity: 3 }] })
  expect(await errorOf(unknown)).toMatchObject({ param: 'line_items[0][id]' })
  await stripe.checkout.sessions.expire(session.id)
  const late = stripe.checkout.sessions.update(session.id, { line_items: [{ price: hat, quantity: 1 }] })
  expect(await errorOf(late)).toMatchObject({ statusCode: 400, param: 'line_items' })
})
