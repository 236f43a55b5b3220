import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser } from '../hosted-pages.ts'
import { idOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
const browser = new Browser()
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

test('the session, its page and the invoice have the same amount', async () => {
  const price = await it.aTieredPrice()
  const coupon = await it.stripe.coupons.create({ percent_off: 33.3, duration: 'forever' })
  const rate = await it.stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 19 })
  const session = await it.aCheckout({
    line_items: [{ price: price.id, quantity: 5 }],
    discounts: [{ coupon: coupon.id }],
    subscription_data: { default_tax_rates: [rate.id] },
    customer_email: 'ada@example.com',
  })
  expect(session).toMatchObject({
    amount_subtotal: 3000,
    amount_total: 2381,
    total_details: { amount_discount: 999, amount_tax: 380 },
  })
  expect((await it.stripe.checkout.sessions.listLineItems(session.id)).data).toMatchObject([
    {
      amount_subtotal: 3000,
      amount_discount: 999,
      amount_tax: 380,
      amount_total: 2381,
      quantity: 5,
      adjustable_quantity: null,
    },
  ])
  const { text } = await browser.open(session.url)
  for (const shown of ['$23.81', '$30.00 a month', 'Tier 1: $20.00', 'Tier 2: 2 × $5.00']) expect(text).toContain(shown)
  expect(text).not.toContain('Applied balance')
  await browser.pay(session)
  const paid = await it.stripe.checkout.sessions.retrieve(session.id)
  expect(await it.stripe.invoices.retrieve(idOf(paid.invoice))).toMatchObject({ total: 2381, amount_paid: 2381 })
  expect(itemOf(await it.subscription(idOf(paid.subscription))).quantity).toBe(5)
})
test('during a trial nothing is due, and the page shows what comes after it', async () => {
  const price = await it.aTieredPrice()
  const session = await it.aCheckout({
    line_items: [{ price: price.id, quantity: 4 }],
    subscription_data: { trial_period_days: 7 },
  })
  expect(session.amount_total).toBe(0)
  expect((await browser.open(session.url)).text).toContain('Free for 7 days, then $25.00 a month.')
})
test('the portal and the control page show what the seats cost', async () => {
  const { customer } = await it.aTeam(7)
  const { url } = await it.stripe.billingPortal.sessions.create({ customer })
  expect((await browser.open(url)).text).toContain('$40.00 a month')
  expect((await browser.open(`${it.sandbox.url}/_/customers/${customer}`)).text).toContain('7 × Team, $40.00 / month')
})
test('a customer can change between plans with tiers in the portal, and keeps the seats', async () => {
  const dearer = await it.aTieredPrice({ base: 4000, name: 'Business' })
  const { customer, subscription } = await it.aTeam(5)
  const { url } = await it.stripe.billingPortal.sessions.create({
    customer,
    flow_data: {
      type: 'subscription_update_confirm',
      subscription_update_confirm: {
        subscription: subscription.id,
        items: [{ id: itemOf(subscription).id, price: dearer.id, quantity: 5 }],
      },
    },
  })
  const page = await browser.open(url)
  expect(page.text).toContain('Change to Business at $50.00 a month')
  await browser.submit(page, {}, { name: 'action', value: 'change_plan' })
  expect(itemOf(await it.subscription(subscription.id))).toMatchObject({ price: { id: dearer.id }, quantity: 5 })
  expect((await it.latestInvoice(customer)).lines.data.map((line) => line.amount)).toEqual([-3000, 5000])
})
