import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, idOf, itemOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

const MONTHLY = { currency: 'usd', recurring: { interval: 'month' }, product_data: { name: 'Plan' } } as const

describe('amounts with decimals (https://docs.stripe.com/products-prices/pricing-models#flat-rate)', () => {
  test('a price can cost less than a cent a unit, and its line is rounded', async () => {
    const unit_amount_decimal = Stripe.Decimal.from('0.25')
    const price = await stripe.prices.create({ ...MONTHLY, unit_amount_decimal })
    expect(price.unit_amount).toBeNull()
    expect(price.unit_amount_decimal?.toString()).toBe('0.25')
    const { id: customer } = await it.aCustomer()
    await stripe.subscriptions.create({ customer, items: [{ price: price.id, quantity: 1010 }] })
    const [line] = (await it.latestInvoice(customer)).lines.data
    expect(line).toMatchObject({ amount: 253, quantity: 1010 })
    expect(line?.pricing?.unit_amount_decimal?.toString()).toBe('0.25')
  })
  test('unit_amount and unit_amount_decimal exclude each other', async () => {
    const both = { ...MONTHLY, unit_amount: 5, unit_amount_decimal: Stripe.Decimal.from('5') }
    expect(await errorOf(stripe.prices.create(both))).toMatchObject({ code: 'parameters_exclusive' })
  })
})

describe('transform_quantity (https://docs.stripe.com/billing/subscriptions/usage-based/transform-quantities)', () => {
  test.each([
    ['up', 3000],
    ['down', 2000],
  ] as const)('150 minutes at $10 per hour, rounded %s, cost %i', async (round, total) => {
    const price = await stripe.prices.create({
      ...MONTHLY,
      unit_amount: 1000,
      transform_quantity: { divide_by: 60, round },
    })
    expect(price.transform_quantity).toEqual({ divide_by: 60, round })
    const { id: customer } = await it.aCustomer()
    await stripe.subscriptions.create({ customer, items: [{ price: price.id, quantity: 150 }] })
    const invoice = await it.latestInvoice(customer)
    expect(invoice.total).toBe(total)
    expect(invoice.lines.data[0]).toMatchObject({
      quantity: 150,
      description: '150 × Plan (at $10.00 per 60 / month)',
    })
  })
  test('is refused with tiers', async () => {
    const params = {
      ...MONTHLY,
      billing_scheme: 'tiered' as const,
      tiers_mode: 'volume' as const,
      tiers: [{ up_to: 'inf' as const, unit_amount: 5 }],
      transform_quantity: { divide_by: 60, round: 'up' as const },
    }
    expect(await errorOf(stripe.prices.create(params))).toMatchObject({ code: 'parameters_exclusive' })
  })
})

describe('the trial of a price (Subscriptions.d.ts, `SubscriptionCreateParams.trial_from_plan`)', () => {
  test('is used only by subscriptions that ask for it', async () => {
    const recurring = { interval: 'month', trial_period_days: 14 } as const
    const price = await stripe.prices.create({ ...MONTHLY, recurring, unit_amount: 900 })
    expect(price.recurring?.trial_period_days).toBe(14)
    const clock = await it.aClock('2026-03-01T00:00:00Z')
    const { id: customer } = await it.aCustomer({ clock: clock.id })
    const items = [{ price: price.id }]
    expect((await stripe.subscriptions.create({ customer, items })).status).toBe('active')
    const trial = await stripe.subscriptions.create({ customer, items, trial_from_plan: true })
    expect(trial).toMatchObject({ status: 'trialing', trial_end: at('2026-03-15T00:00:00Z') })
    const longer = { customer, items, trial_from_plan: true, trial_period_days: 30 }
    expect((await stripe.subscriptions.create(longer)).trial_end).toBe(at('2026-03-31T00:00:00Z'))
    const both = { customer, items, trial_from_plan: true, trial_end: at('2026-03-05T00:00:00Z') }
    expect(await errorOf(stripe.subscriptions.create(both))).toMatchObject({ code: 'parameters_exclusive' })
  })
})

describe('prices in several currencies (https://docs.stripe.com/products-prices/how-products-and-prices-work)', () => {
  const aMultiPrice = () =>
    stripe.prices.create({
      ...MONTHLY,
      unit_amount: 1000,
      currency_options: { eur: { unit_amount: 900, tax_behavior: 'inclusive' }, jpy: { unit_amount: 1500 } },
    })

  test('show their currencies only when expanded', async () => {
    const { id, ...price } = await aMultiPrice()
    expect(price).not.toHaveProperty('currency_options')
    const { currency_options } = await stripe.prices.retrieve(id, { expand: ['currency_options'] })
    expect(Object.keys(currency_options ?? {}).toSorted()).toEqual(['eur', 'jpy', 'usd'])
    expect(currency_options?.['eur']).toMatchObject({ unit_amount: 900, tax_behavior: 'inclusive' })
    expect(currency_options?.['usd']).toMatchObject({ unit_amount: 1000 })
  })
  test('a subscription has one of them, now and after it renews or changes', async () => {
    const { id } = await aMultiPrice()
    const { clock, customer, subscription } = await it.aSubscriber({
      from: '2026-04-01T00:00:00Z',
      price: id,
      params: { currency: 'eur' },
    })
    expect(subscription.currency).toBe('eur')
    await it.advance(clock, '2026-05-02T00:00:00Z')
    const invoice = await it.latestInvoice(customer)
    expect(invoice).toMatchObject({ currency: 'eur', total: 900 })
    expect(await it.totalsOf(customer)).toEqual([900, 900])
    const other = await it.aPrice({ amount: 500, currency: 'usd' })
    const change = { items: [{ id: itemOf(subscription).id, price: other.id }] }
    expect(await errorOf(stripe.subscriptions.update(subscription.id, change))).toMatchObject({
      param: 'items[0][price]',
    })
  })
  test('a customer keeps their currency, and a currency that a price lacks is refused', async () => {
    const { id } = await aMultiPrice()
    const { id: customer } = await it.aCustomer()
    const items = [{ price: id }]
    await stripe.subscriptions.create({ customer, items, currency: 'jpy' })
    expect((await stripe.subscriptions.create({ customer, items })).currency).toBe('jpy')
    expect(await it.totalsOf(customer)).toEqual([1500, 1500])
    expect(await errorOf(stripe.subscriptions.create({ customer, items, currency: 'eur' }))).toMatchObject({
      message: expect.stringContaining('You cannot combine currencies on a single customer.'),
    })
    const { id: fresh } = await it.aCustomer()
    expect(await errorOf(stripe.subscriptions.create({ customer: fresh, items, currency: 'gbp' }))).toMatchObject({
      message: "The price specified supports currencies of `usd`. This doesn't match the expected currency: `gbp`.",
    })
  })
  test('a checkout page sells in the requested currency', async () => {
    const { id } = await aMultiPrice()
    const session = await it.aCheckout({ currency: 'eur', line_items: [{ price: id, quantity: 2 }] })
    expect(session).toMatchObject({ currency: 'eur', amount_total: 1800 })
    expect(await (await fetch(session.url)).text()).toContain('€18.00')
    const [line] = (await stripe.checkout.sessions.listLineItems(session.id)).data
    expect(line).toMatchObject({ currency: 'eur', amount_total: 1800 })
  })
  test('a tiered price has tiers in each currency', async () => {
    const tiers = (unit_amount: number) => [{ up_to: 'inf' as const, unit_amount }]
    const price = await stripe.prices.create({
      ...MONTHLY,
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: tiers(500),
      currency_options: { eur: { tiers: tiers(400) } },
    })
    const { id: customer } = await it.aCustomer()
    await stripe.subscriptions.create({ customer, items: [{ price: price.id, quantity: 3 }], currency: 'eur' })
    expect(await it.totalsOf(customer)).toEqual([1200])
  })
  test('an update adds, changes and removes currencies', async () => {
    const { id } = await aMultiPrice()
    await stripe.prices.update(id, {
      currency_options: { eur: { unit_amount: 950 }, jpy: '' as never, gbp: { unit_amount: 800 } },
    })
    const { currency_options } = await stripe.prices.retrieve(id, { expand: ['currency_options'] })
    expect(Object.entries(currency_options ?? {}).map(([code, { unit_amount }]) => [code, unit_amount])).toEqual([
      ['usd', 1000],
      ['eur', 950],
      ['gbp', 800],
    ])
  })
})

describe('plans (https://docs.stripe.com/api/plans)', () => {
  test('are the recurring prices, with their events', async () => {
    const types = await it.eventsOf(async () => {
      await stripe.prices.create({ ...MONTHLY, unit_amount: 5 })
      await stripe.prices.create({ currency: 'usd', unit_amount: 5, product_data: { name: 'Once' } })
    })
    expect(types).toEqual(['product.created', 'plan.created', 'price.created', 'product.created', 'price.created'])
    const price = await it.aPrice({ amount: 700, interval: 'year' })
    expect(await stripe.plans.retrieve(price.id)).toMatchObject({
      ...{ object: 'plan', amount: 700, interval: 'year', product: idOf(price.product), usage_type: 'licensed' },
    })
    expect((await stripe.plans.list({ product: idOf(price.product) })).data.map(({ id }) => id)).toEqual([price.id])
  })
  test('can be created with their own id and product, changed, subscribed to and deleted', async () => {
    const plan = await stripe.plans.create({
      id: 'gold',
      amount: 1500,
      currency: 'usd',
      interval: 'month',
      product: { name: 'Gold' },
      trial_period_days: 7,
    })
    expect(plan).toMatchObject({ id: 'gold', amount: 1500, trial_period_days: 7 })
    expect(await stripe.prices.retrieve('gold')).toMatchObject({ unit_amount: 1500, type: 'recurring' })
    await stripe.plans.update('gold', { nickname: 'Gold plan', metadata: { a: '1' } })
    expect((await it.lastEvent('plan.updated')).data.previous_attributes).toMatchObject({ nickname: null })
    const { id: customer } = await it.aCustomer()
    const legacy = untyped({ customer, items: [{ plan: 'gold' }] })
    const subscription = await stripe.subscriptions.create(legacy)
    expect(itemOf(subscription).plan).toMatchObject({ id: 'gold', nickname: 'Gold plan' })
    expect(await stripe.plans.del('gold')).toMatchObject({ id: 'gold', deleted: true })
    expect(await errorOf(stripe.plans.retrieve('gold'))).toMatchObject({ statusCode: 404 })
    expect((await stripe.plans.list({ limit: 100 })).data.map(({ id }) => id)).not.toContain('gold')
    expect((await it.subscription(subscription.id)).status).toBe('active')
    expect(await errorOf(stripe.subscriptions.create({ customer, items: [{ price: 'gold' }] }))).toMatchObject({
      statusCode: 400,
    })
  })
  test('lack neither an amount nor a product that exists', async () => {
    const plan = { currency: 'usd', interval: 'month' } as const
    const none = { ...plan, product: 'prod_none', amount: 5 }
    expect(await errorOf(stripe.plans.create(none))).toMatchObject({ code: 'resource_missing', param: 'product' })
    const { product } = await it.aPrice()
    expect(await errorOf(stripe.plans.create({ ...plan, product: idOf(product) }))).toMatchObject({ param: 'amount' })
  })
})
