import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser, card } from '../hosted-pages.ts'
import { errorOf, idOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

const email = 'ada@example.com'

test("a session's discount lowers its amounts, its payment and its subscription's invoices", async () => {
  const coupon = await it.stripe.coupons.create({ percent_off: 30, duration: 'forever' })
  const session = await it.aCheckout({ discounts: [{ coupon: coupon.id }], customer_email: email })
  expect(session).toMatchObject({
    amount_subtotal: 1000,
    amount_total: 700,
    total_details: { amount_discount: 300, amount_tax: 0 },
    discounts: [{ coupon: coupon.id, promotion_code: null }],
  })
  expect((await it.stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(0)
  expect((await it.stripe.checkout.sessions.listLineItems(session.id)).data).toMatchObject([
    { amount_subtotal: 1000, amount_discount: 300, amount_total: 700 },
  ])
  const page = await browser.open(session.url)
  expect(page.text).toContain('Discount')
  await browser.pay(session)
  const paid = await it.stripe.checkout.sessions.retrieve(session.id)
  expect(paid).toMatchObject({ status: 'complete', payment_status: 'paid', amount_total: 700 })
  expect(await it.stripe.invoices.retrieve(idOf(paid.invoice))).toMatchObject({ total: 700, amount_paid: 700 })
  expect((await it.subscription(idOf(paid.subscription))).discounts).toHaveLength(1)
  expect((await it.stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1)
})
test.each([
  { duration: 'forever', renewal: 1540, shown: '$15.40' },
  { duration: 'once', renewal: 2200, shown: '$22.00' },
] as const)('the page says what a renewal charges: $shown with a discount $duration', async (given) => {
  const mug = await it.stripe.prices.create({ currency: 'usd', unit_amount: 700, product_data: { name: 'Mug' } })
  const coupon = await it.stripe.coupons.create({ percent_off: 30, duration: given.duration })
  const rate = await it.stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 10 })
  const line_items = [
    { price: mug.id, quantity: 1 },
    { price: (await it.aPrice()).id, quantity: 2 },
  ]
  const subscription_data = { default_tax_rates: [rate.id] }
  const params = { line_items, discounts: [{ coupon: coupon.id }], customer_email: email }
  const trial = await it.aCheckout({ ...params, subscription_data: { ...subscription_data, trial_period_days: 7 } })
  expect((await browser.open(trial.url)).text).toContain(`Free for 7 days, then ${given.shown} a month.`)

  const session = await it.aCheckout({ ...params, subscription_data })
  const { text } = await browser.open(session.url)
  expect(text).toContain(`charge your card now and at each renewal (${given.shown} a month)`)
  await browser.pay(session)
  const { subscription } = await it.stripe.checkout.sessions.retrieve(session.id)
  const { total } = await it.stripe.invoices.createPreview({ subscription: idOf(subscription) })
  expect(total).toBe(given.renewal)
})
test('nothing is due today with a discount of 100 %', async () => {
  const coupon = await it.stripe.coupons.create({ percent_off: 100, duration: 'once' })
  const session = await it.aCheckout({ discounts: [{ coupon: coupon.id }], customer_email: email })
  await browser.pay(session)
  expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: 'complete',
    payment_status: 'no_payment_required',
    amount_total: 0,
  })
})
test('a discount still counts if its coupon has run out since the session was opened', async () => {
  const coupon = await it.stripe.coupons.create({ percent_off: 30, max_redemptions: 1 })
  const discounts = [{ coupon: coupon.id }]
  const [first, second] = [
    await it.aCheckout({ discounts, customer_email: email }),
    await it.aCheckout({ discounts, customer_email: email }),
  ]
  await browser.pay(first)
  await browser.pay(second)
  expect(await it.stripe.checkout.sessions.retrieve(second.id)).toMatchObject({ status: 'complete', amount_total: 700 })
  expect(await errorOf(it.aCheckout({ discounts }))).toMatchObject({ code: 'coupon_expired' })
})
test('a discount of a payment names its session', async () => {
  const price = await it.stripe.prices.create({ currency: 'usd', unit_amount: 500, product_data: { name: 'Once' } })
  const coupon = await it.stripe.coupons.create({ amount_off: 100, currency: 'usd' })
  const session = await it.aCheckout({
    mode: 'payment',
    line_items: [{ price: price.id, quantity: 2 }],
    discounts: [{ coupon: coupon.id }],
    customer_email: email,
  })
  await browser.pay(session)
  const paid = await it.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
  expect(paid).toMatchObject({ amount_total: 900, payment_intent: { amount_received: 900 } })
})
test('tax rates of lines and of the subscription are added', async () => {
  const rate = await it.stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 20 })
  const session = await it.aCheckout({
    subscription_data: { default_tax_rates: [rate.id] },
    customer_email: email,
  })
  expect(session).toMatchObject({ amount_subtotal: 1000, amount_total: 1200, total_details: { amount_tax: 200 } })
  await browser.pay(session)
  const { invoice } = await it.stripe.checkout.sessions.retrieve(session.id)
  expect(await it.stripe.invoices.retrieve(idOf(invoice))).toMatchObject({ total: 1200, amount_paid: 1200 })
})
test('a customer can type in a promotion code if the session allows it', async () => {
  const coupon = await it.stripe.coupons.create({ percent_off: 50, duration: 'once' })
  const code = await it.stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' })
  const session = await it.aCheckout({ allow_promotion_codes: true })
  const page = await browser.open(session.url)
  const form = { ...page, action: `${session.url}/promotion-code` }
  expect((await browser.submit(form, { promotionCode: 'nope' })).alert).toBe('This code is invalid.')
  const typed = { ...card('4242 4242 4242 4242'), promotionCode: 'half' }
  // Paying with a code that is not applied yet applies it first. The page keeps what was typed, and nobody stores it.
  for (const action of [form, page]) {
    const applied = await fetch(new URL(action.action ?? '', session.url), {
      ...{ method: 'POST', redirect: 'manual', body: new URLSearchParams({ ...page.fields, ...typed }) },
    })
    expect([applied.status, applied.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const text = await applied.text()
    for (const value of Object.values(typed)) expect(text).toContain(`value="${value}"`)
    expect(text).toContain('The promotion code is applied.')
    await browser.submit(form, { promotionCode: '' })
  }
  expect((await browser.submit(form, { promotionCode: 'half' })).status).toBe(200)
  expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    amount_total: 500,
    discounts: [{ coupon: null, promotion_code: code.id }],
  })
  await browser.submit(await browser.open(session.url), { ...card('4242 4242 4242 4242'), email })
  expect(await it.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: 'complete',
    amount_total: 500,
  })
  expect((await it.stripe.promotionCodes.retrieve(code.id)).times_redeemed).toBe(1)
})
test('a session that does not allow promotion codes has no form for them', async () => {
  const session = await it.aCheckout()
  const page = await browser.open(session.url)
  expect(page.text).not.toContain('promotionCode')
  const form = { ...page, action: `${session.url}/promotion-code` }
  expect(await browser.submit(form, { promotionCode: 'HALF' })).toMatchObject({ status: 400 })
})
test('refuses discounts together with allow_promotion_codes', async () => {
  const coupon = await it.stripe.coupons.create({ percent_off: 50 })
  expect(
    await errorOf(it.aCheckout({ allow_promotion_codes: true, discounts: [{ coupon: coupon.id }] })),
  ).toMatchObject({ code: 'parameters_exclusive' })
})
test('a promotion code has a minimum amount by currency', async () => {
  const { id: coupon } = await it.stripe.coupons.create({ percent_off: 50, duration: 'once' })
  const promotion = { type: 'coupon', coupon } as const
  const restrictions = {
    ...{ minimum_amount: 500, minimum_amount_currency: 'usd', currency_options: { eur: { minimum_amount: 5000 } } },
  }
  const { id, code } = await it.stripe.promotionCodes.create({ promotion, restrictions })
  const shown = async () =>
    (await it.stripe.promotionCodes.retrieve(id, { expand: ['restrictions.currency_options'] })).restrictions
  expect(await shown()).toMatchObject(restrictions)
  const price = await it.aPrice({ currency: 'eur' })
  const enter = async (): Promise<string | null> => {
    const session = await it.aCheckout({ line_items: [{ price: price.id, quantity: 1 }], allow_promotion_codes: true })
    const page = await browser.open(session.url)
    return (await browser.submit({ ...page, action: `${session.url}/promotion-code` }, { promotionCode: code })).alert
  }
  expect(await enter()).not.toBeNull()
  await it.stripe.promotionCodes.update(id, { restrictions: { currency_options: { eur: { minimum_amount: 900 } } } })
  expect(await enter()).toBeNull()
})
