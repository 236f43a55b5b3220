import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { idOf, TestSandbox } from '../test-sandbox.ts'

// Amounts that Stripe's documentation says, or that follow from a sentence in it. Each test names the page.

const APRIL = '2026-04-01T00:00:00Z'
/** Half of April, in which all subscriptions here begin on the 1st. */
const MIDDLE = '2026-04-16T00:00:00Z'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

const coupon = async (params: Stripe.CouponCreateParams) => (await it.stripe.coupons.create(params)).id
const rate = async (percentage: number, inclusive: boolean) =>
  (await it.stripe.taxRates.create({ display_name: 'VAT', percentage, inclusive })).id

/** A customer with an invoice of one amount. */
async function anInvoice(amount: number, params: Partial<Stripe.InvoiceCreateParams>, currency = 'usd') {
  const { id: customer } = await it.aCustomer()
  await it.stripe.invoiceItems.create({ customer, amount, currency })
  return it.stripe.invoices.create({ customer, currency, pending_invoice_items_behavior: 'include', ...params })
}

/** A subscriber to a plan, who changes to a dearer one in the middle of April and is invoiced for it. */
async function anUpgrade(from: number, to: number, params: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const [old, dearer] = [await it.aPrice({ amount: from }), await it.aPrice({ amount: to })]
  const subscriber = await it.aSubscriber({ from: APRIL, price: old.id, params })
  await it.advance(subscriber.clock, MIDDLE)
  const change = async () => {
    await it.stripe.subscriptions.update(subscriber.subscription.id, {
      items: [{ id: subscriber.item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    return it.latestInvoice(subscriber.customer)
  }
  return { ...subscriber, change }
}

const amountsOf = ({ lines }: Stripe.Invoice) => lines.data.map(({ amount }) => amount)
const taxesOf = ({ lines }: Stripe.Invoice) => lines.data.map(({ taxes }) => (taxes ?? []).map(({ amount }) => amount))

describe('coupons', () => {
  // https://docs.stripe.com/api/coupons: "an invoice with a subtotal of 100 will have a final total of 0 if a coupon with
  // an amount_off of 200 is applied to it and an invoice with a subtotal of 300 will have a final total of 100"
  test.each([
    [100, 0],
    [300, 100],
  ])('$200 off leaves of $%d $%d', async (subtotal, total) => {
    const discounts = [{ coupon: await coupon({ amount_off: 20_000, currency: 'usd' }) }]
    const invoice = await anInvoice(subtotal * 100, { discounts })
    expect([invoice.subtotal, invoice.total]).toEqual([subtotal * 100, total * 100])
  })
  // https://docs.stripe.com/api/coupons/object#coupon_object-percent_off: "a coupon with percent_off of 50 will make a
  // $100 invoice $50 instead"
  test('50 percent off make $100 $50', async () => {
    const invoice = await anInvoice(10_000, { discounts: [{ coupon: await coupon({ percent_off: 50 }) }] })
    expect(invoice.total).toBe(5000)
  })
  // https://docs.stripe.com/api/coupons/object#coupon_object-duration: "forever, once, and repeating. Describes how long a
  // customer who applies this coupon will get the discount."
  test.each([
    ['once', {}, [500, 1000, 1000, 1000]],
    ['repeating', { duration_in_months: 3 }, [500, 500, 500, 1000]],
    ['forever', {}, [500, 500, 500, 500]],
  ] as const)('the duration %s', async (duration, months, totals) => {
    const discounts = [{ coupon: await coupon({ percent_off: 50, duration, ...months }) }]
    const { clock, customer } = await it.aDiscountedSubscriber(discounts)
    await it.advance(clock, '2026-06-01T02:00:00Z')
    await it.advance(clock, '2026-07-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual(totals)
  })
  // https://docs.stripe.com/billing/subscriptions/coupons, "Set eligible products": only they are discounted.
  test('products limit a coupon', async () => {
    const [plan, extra] = [await it.aPrice({ amount: 1000 }), await it.aPrice({ amount: 400 })]
    const limited = await coupon({ percent_off: 50, applies_to: { products: [idOf(extra.product)] } })
    const items = [{ price: plan.id }, { price: extra.id }]
    const { customer } = await it.aSubscriber({
      from: APRIL,
      price: plan.id,
      params: { items, discounts: [{ coupon: limited }] },
    })
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ subtotal: 1400, total: 1200, total_discount_amounts: [{ amount: 200 }] })
  })
  // https://docs.stripe.com/api/invoices/object#invoice_object-discounts: "Line item discounts are applied before invoice
  // discounts." And #invoice_object-subtotal: "before any invoice level discount or exclusive tax is applied. Item
  // discounts are already incorporated"
  test("stacked: an item's $10 off come before the invoice's 50 percent", async () => {
    const price = await it.aPrice({ amount: 10_000 })
    const own = await coupon({ amount_off: 1000, currency: 'usd' })
    const shared = await coupon({ percent_off: 50 })
    const { customer } = await it.aSubscriber({
      from: APRIL,
      price: price.id,
      params: {
        items: [{ price: price.id, discounts: [{ coupon: own }] }],
        discounts: [{ coupon: shared }],
      },
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ subtotal: 9000, total: 4500 })
  })
})

describe('taxes', () => {
  // https://support.stripe.com/questions/inclusive-and-exclusive-tax-options-in-the-tax-rate-api-and-stripe-tax: "if the
  // price is €600 and you set an inclusive tax rate of 10%, the invoice total will still be €600 … An exclusive tax rate
  // of 10% on a €600 price will result in an invoice total of €660."
  test.each([
    [true, 60_000],
    [false, 66_000],
  ])('€600 with 10 percent, inclusive: %s', async (inclusive, total) => {
    const invoice = await anInvoice(60_000, { default_tax_rates: [await rate(10, inclusive)] }, 'eur')
    expect(invoice.total).toBe(total)
    expect(total - (invoice.total_taxes?.[0]?.amount ?? 0)).toBe(invoice.total_excluding_tax)
  })
  // https://docs.stripe.com/api/invoices/object#invoice_object-total_excluding_tax: "including all discounts but excluding
  // all tax". So the tax is on what discounts leave.
  test('the tax is on what discounts leave: 20 percent off €600, then 10 percent', async () => {
    const discounts = [{ coupon: await coupon({ percent_off: 20 }) }]
    const exclusive = await anInvoice(60_000, { discounts, default_tax_rates: [await rate(10, false)] }, 'eur')
    expect(exclusive).toMatchObject({ total_excluding_tax: 48_000, total: 52_800, total_taxes: [{ amount: 4800 }] })
    const inclusive = await anInvoice(60_000, { discounts, default_tax_rates: [await rate(10, true)] }, 'eur')
    expect(inclusive).toMatchObject({ total_excluding_tax: 43_636, total: 48_000, total_taxes: [{ amount: 4364 }] })
  })
  // https://docs.stripe.com/tax/zero-tax has this tax rate of a German customer where the account isn't registered.
  test('not collecting in Germany', async () => {
    await using seller = await TestSandbox.start()
    await seller.stripe.tax.registrations.create({
      country: 'US',
      active_from: 'now',
      country_options: { us: { state: 'NY', type: 'state_sales_tax' } },
    })
    const { id: customer } = await seller.stripe.customers.create({ address: { country: 'DE' } })
    await seller.stripe.invoiceItems.create({ customer, amount: 1000, currency: 'usd' })
    const invoice = await seller.stripe.invoices.create({
      customer,
      pending_invoice_items_behavior: 'include',
      automatic_tax: { enabled: true },
      expand: ['total_taxes.tax_rate_details.tax_rate'],
    })
    expect(invoice.total).toBe(1000)
    expect(invoice.total_taxes).toMatchObject([
      {
        amount: 0,
        taxability_reason: 'not_collecting',
        tax_rate_details: {
          tax_rate: {
            object: 'tax_rate',
            description: 'VAT Germany',
            display_name: 'VAT',
            country: 'DE',
            inclusive: false,
            jurisdiction: 'DE',
            metadata: {},
            percentage: 0,
            state: null,
            tax_type: 'vat',
            active: false,
          },
        },
      },
    ])
  })
  // Same page, "Reverse charge": the buyer, and not the seller, accounts for the tax.
  test('reverse charge takes no tax and leaves the price', async () => {
    const { id: customer } = await it.stripe.customers.create({ tax_exempt: 'reverse', address: { country: 'FR' } })
    await it.stripe.invoiceItems.create({ customer, amount: 1000, currency: 'usd' })
    const invoice = await it.stripe.invoices.create({
      customer,
      pending_invoice_items_behavior: 'include',
      automatic_tax: { enabled: true },
    })
    expect(invoice).toMatchObject({ total: 1000, total_taxes: [{ amount: 0, taxability_reason: 'reverse_charge' }] })
  })
})

describe('prorations', () => {
  // https://docs.stripe.com/billing/subscriptions/prorations: from $10 to $20 halfway, -$5 and +$10, in total $5.
  test('from $10 to $20 halfway', async () => {
    const { change } = await anUpgrade(1000, 2000)
    const invoice = await change()
    expect([...amountsOf(invoice), invoice.total]).toEqual([-500, 1000, 500])
  })
  // Same page, "Prorations and discounts": "Any adjustments from discounts are reflected in the proration invoice item's
  // amount. Additional discounts … don't apply to prorations because they have discountable=false."
  test('with 50 percent off forever', async () => {
    const { change } = await anUpgrade(1000, 2000, {
      discounts: [{ coupon: await coupon({ percent_off: 50, duration: 'forever' }) }],
    })
    const invoice = await change()
    expect(amountsOf(invoice)).toEqual([-250, 500])
    expect(invoice.lines.data.map(({ discountable }) => discountable)).toEqual([false, false])
    expect(invoice.total_discount_amounts?.every(({ amount }) => amount === 0)).toBe(true)
  })
  // Both pages: the discount is in the amount, and the tax is on the amount.
  test.each([
    [false, [[-25], [50]], 275],
    [true, [[-23], [45]], 250],
  ])('with 50 percent off and 10 percent tax, inclusive: %s', async (inclusive, taxes, total) => {
    const { change } = await anUpgrade(1000, 2000, {
      discounts: [{ coupon: await coupon({ percent_off: 50, duration: 'forever' }) }],
      default_tax_rates: [await rate(10, inclusive)],
    })
    const invoice = await change()
    expect([amountsOf(invoice), taxesOf(invoice), invoice.total]).toEqual([[-250, 500], taxes, total])
  })
  // https://groups.google.com/a/lists.stripe.com/g/api-discuss/c/C7yM2sNZhjU: two seats at $100, then 50 percent off, then
  // a third seat in the middle of the month: -$100 of credit and $75. Confirmed by an engineer of Stripe.
  test('a coupon that came after the payment counts only for the new charge', async () => {
    const price = await it.aPrice({ amount: 10_000 })
    const items = [{ price: price.id, quantity: 2 }]
    const { clock, customer, subscription, item } = await it.aSubscriber({
      from: APRIL,
      price: price.id,
      params: { items },
    })
    await it.advance(clock, MIDDLE)
    const discounts = [{ coupon: await coupon({ percent_off: 50, duration: 'forever' }) }]
    await it.stripe.subscriptions.update(subscription.id, { discounts })
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity: 3 }],
      proration_behavior: 'always_invoice',
    })
    expect(amountsOf(await it.latestInvoice(customer))).toEqual([-10_000, 7500])
  })
  // https://docs.stripe.com/billing/subscriptions/billing-mode/compare: classic computes credit from the item's current
  // "price, tax, quantity, and the last discounts", flexible from "the original amount previously debited".
  test.each([
    ['flexible', [[-50], [200]]],
    ['classic', [[-100], [200]]],
  ] as const)('after a change from 10 to 20 percent tax, %s credits the tax of its mode', async (type, taxes) => {
    const { change, subscription } = await anUpgrade(1000, 2000, {
      billing_mode: { type },
      default_tax_rates: [await rate(10, false)],
    })
    await it.stripe.subscriptions.update(subscription.id, { default_tax_rates: [await rate(20, false)] })
    const invoice = await change()
    expect([amountsOf(invoice), taxesOf(invoice)]).toEqual([[-500, 1000], taxes])
  })
  // The same with automatic tax: what was billed in Germany with 19 percent is credited with 19 percent.
  test('after a move from Germany to France, flexible credits German tax and charges French tax', async () => {
    const price = await it.aPrice({ amount: 1000 })
    const dearer = await it.aPrice({ amount: 2000 })
    const { id: clock } = await it.aClock(APRIL)
    const { id: customer } = await it.aCustomer({ clock })
    await it.stripe.customers.update(customer, { address: { country: 'DE' } })
    const subscription = await it.stripe.subscriptions.create({
      customer,
      items: [{ price: price.id }],
      automatic_tax: { enabled: true },
    })
    await it.advance(clock, MIDDLE)
    await it.stripe.customers.update(customer, { address: { country: 'FR' } })
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: subscription.items.data[0]?.id ?? '', price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    const invoice = await it.latestInvoice(customer)
    expect([amountsOf(invoice), taxesOf(invoice)]).toEqual([
      [-500, 1000],
      [[-95], [200]],
    ])
  })
})
