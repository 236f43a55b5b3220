import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, expanded, idOf, itemOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

/** Tiers with their decimals as text. */
function shown(tiers: Stripe.Price.Tier[] | undefined): object[] | undefined {
  return tiers?.map((tier) => ({
    ...tier,
    flat_amount_decimal: tier.flat_amount_decimal?.toString() ?? null,
    unit_amount_decimal: tier.unit_amount_decimal?.toString() ?? null,
  }))
}

describe('tiered prices (https://docs.stripe.com/api/prices/create#create_price-tiers)', () => {
  test('have no unit amount, and show their tiers only when expanded', async () => {
    const price = await it.aTieredPrice()
    expect(price).toMatchObject({
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      unit_amount: null,
      unit_amount_decimal: null,
    })
    expect(price).not.toHaveProperty('tiers')
    expect((await it.lastEvent('price.created')).data.object).not.toHaveProperty('tiers')
    const { tiers } = await it.stripe.prices.retrieve(price.id, { expand: ['tiers'] })
    expect(shown(tiers)).toEqual([
      { flat_amount: 2000, flat_amount_decimal: '2000', unit_amount: 0, unit_amount_decimal: '0', up_to: 3 },
      { flat_amount: null, flat_amount_decimal: null, unit_amount: 500, unit_amount_decimal: '500', up_to: null },
    ])
    const { data } = await it.stripe.prices.list({ product: idOf(price.product), expand: ['data.tiers'] })
    expect(data[0]?.tiers).toHaveLength(2)
    const plain = await it.aPrice()
    expect(await it.stripe.prices.retrieve(plain.id, { expand: ['tiers'] })).not.toHaveProperty('tiers')
  })
  test('accept amounts with decimals, and show them without needless zeros', async () => {
    const { tiers } = await it.stripe.prices.create({
      currency: 'usd',
      recurring: { interval: 'month' },
      product_data: { name: 'Emails' },
      billing_scheme: 'tiered',
      tiers_mode: 'volume',
      tiers: untyped([
        { up_to: 10, flat_amount_decimal: '900.0', unit_amount_decimal: '0.100' },
        { up_to: 'inf', unit_amount_decimal: '20.00' },
      ]),
      expand: ['tiers'],
    })
    expect(shown(tiers)).toMatchObject([
      { flat_amount: 900, flat_amount_decimal: '900', unit_amount: null, unit_amount_decimal: '0.1', up_to: 10 },
      { flat_amount: null, flat_amount_decimal: null, unit_amount: 20, unit_amount_decimal: '20', up_to: null },
    ])
  })
  test('subscription items and checkout sessions show tiers on request, four levels deep', async () => {
    const { subscription, price } = await it.aTeam(2)
    const full = await it.stripe.subscriptions.retrieve(subscription.id, {
      expand: ['items.data.price.tiers', 'items.data.plan.tiers'],
    })
    expect(itemOf(full)).toMatchObject({ price: { tiers: [{}, {}] }, plan: { amount: null, tiers: [{}, {}] } })
    const session = await it.aCheckout({ line_items: [{ price, quantity: 5 }] })
    const { line_items } = await it.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['line_items.data.price.tiers'],
    })
    expect(line_items?.data[0]?.price?.tiers).toHaveLength(2)
    expect(await errorOf(it.stripe.subscriptions.list({ expand: ['data.items.data.price.tiers'] }))).toMatchObject({
      message: expect.stringContaining('more than 4 levels'),
    })
  })

  const tiers = [
    { up_to: 3, flat_amount: 2000 },
    { up_to: 'inf', unit_amount: 500 },
  ]
  const [first, last] = tiers
  const ONE_AMOUNT = 'You may only specify one of these parameters: unit_amount, unit_amount_decimal.'
  test.each([
    ['no tiers', { tiers: undefined }, 'tiers', 'Missing required param: tiers.'],
    ['no mode', { tiers_mode: undefined }, 'tiers_mode', 'Missing required param: tiers_mode.'],
    ['another mode', { tiers_mode: 'stairs' }, 'tiers_mode', 'Invalid tiers_mode: must be one of graduated, or volume'],
    ['tiers without the scheme', { billing_scheme: 'per_unit' }, 'tiers', '`tiers` requires `billing_scheme=tiered`.'],
    [
      'a unit amount',
      { unit_amount: 5 },
      'unit_amount',
      'You may only specify one of these parameters: unit_amount, tiers.',
    ],
    ['no bound', { tiers: [{ unit_amount: 5 }] }, 'tiers[0][up_to]', 'Missing required param: tiers[0][up_to].'],
    [
      'no amount',
      { tiers: [first, { up_to: 'inf' }] },
      'tiers[1]',
      'An entry in the tiers array is missing an amount.',
    ],
    [
      'two amounts',
      { tiers: [{ up_to: 'inf', unit_amount: 5, unit_amount_decimal: '5' }] },
      'tiers[0][unit_amount]',
      ONE_AMOUNT,
    ],
    ['an end', { tiers: [first] }, 'tiers[0][up_to]', 'The `up_to` of the last tier must be `inf`.'],
    [
      'a tier after the last',
      { tiers: [last, last] },
      'tiers[0][up_to]',
      'Only the last tier can have an `up_to` of `inf`.',
    ],
    [
      'tiers out of order',
      { tiers: [first, first, last] },
      'tiers[1][up_to]',
      expect.stringContaining('must be greater'),
    ],
    [
      'a bound of 0',
      { tiers: [{ up_to: 0, unit_amount: 5 }, last] },
      'tiers[0][up_to]',
      expect.stringContaining('greater than or equal to 1'),
    ],
    [
      'a negative amount',
      { tiers: [{ up_to: 'inf', unit_amount: -5 }] },
      'tiers[0][unit_amount]',
      'Invalid non-negative integer',
    ],
    [
      '13 decimals',
      { tiers: [{ up_to: 'inf', unit_amount_decimal: '0.1234567890123' }] },
      'tiers[0][unit_amount_decimal]',
      'Invalid decimal: 0.1234567890123',
    ],
    [
      'a fractional flat amount',
      { tiers: [{ up_to: 'inf', flat_amount_decimal: '0.5' }] },
      'tiers[0][flat_amount_decimal]',
      'Invalid integer: 0.5',
    ],
    [
      'half a UGX',
      { currency: 'ugx', tiers: [{ up_to: 'inf', unit_amount: 50 }] },
      'tiers[0][unit_amount]',
      expect.stringContaining('evenly divisible by 100'),
    ],
    ['no interval', { recurring: undefined }, 'recurring', 'This sandbox accepts tiers only for recurring prices.'],
    [
      'a transformed quantity',
      { transform_quantity: { divide_by: 5, round: 'up' } },
      'transform_quantity',
      'You may only specify one of these parameters: transform_quantity, tiers.',
    ],
    [
      'another currency without tiers',
      { currency_options: { eur: { unit_amount: 900 } } },
      'currency_options[eur][unit_amount]',
      'You may only specify one of these parameters: unit_amount, tiers.',
    ],
  ])('%s: refused', async (_, params, param, message) => {
    const call = it.stripe.prices.create(
      untyped({
        currency: 'usd',
        recurring: { interval: 'month' },
        product_data: { name: 'Team' },
        billing_scheme: 'tiered',
        tiers_mode: 'graduated',
        tiers,
        ...params,
      }),
    )
    expect(await errorOf(call)).toMatchObject({ statusCode: 400, param, message })
  })
  test("prices that are described inline can't have tiers, as in Stripe's API", async () => {
    const { id: product } = await it.stripe.products.create({ name: 'Team' })
    const { id: customer } = await it.aCustomer()
    const price_data = { currency: 'usd', product, recurring: { interval: 'month' as const }, billing_scheme: 'tiered' }
    const items = untyped([{ price_data }])
    const unknown = { statusCode: 400, code: 'parameter_unknown' }
    expect(await errorOf(it.stripe.subscriptions.create({ customer, items }))).toMatchObject(unknown)
    expect(await errorOf(it.aCheckout({ line_items: untyped([{ price_data, quantity: 1 }]) }))).toMatchObject(unknown)
    expect(
      await errorOf(it.stripe.invoices.createPreview({ customer, subscription_details: { items } })),
    ).toMatchObject(unknown)
    expect(
      await errorOf(it.stripe.products.create({ name: 'x', default_price_data: untyped({ ...price_data, tiers }) })),
    ).toMatchObject(unknown)
  })
  test("a recurring price with tiers can't be an invoice item", async () => {
    const { id: customer } = await it.aCustomer()
    const pricing = { price: (await it.aTieredPrice()).id }
    expect(await errorOf(it.stripe.invoiceItems.create({ customer, pricing }))).toMatchObject({
      statusCode: 400,
      param: 'pricing[price]',
    })
  })
  test("a price's tiers can't be changed", async () => {
    const { id } = await it.aTieredPrice()
    expect(await errorOf(it.stripe.prices.update(id, untyped({ tiers })))).toMatchObject({ code: 'parameter_unknown' })
  })
})

describe('invoice lines of tiered prices', () => {
  const lineOf = ({ amount, description, pricing, quantity }: Stripe.InvoiceLineItem): unknown[] => [
    description,
    quantity,
    pricing?.unit_amount_decimal?.toString() ?? null,
    amount,
  ]
  type Line = [description: string, quantity: number, unit: string | null, amount: number]
  const INCLUDED: Line = ['3 × Team (Tier 1 at $0.00 / month)', 3, '0', 0]
  const FLAT: Line = ['Team (Tier 1 at $20.00 / month)', 0, null, 2000]
  test.each<['graduated' | 'volume', number, Line[]]>([
    ['graduated', 0, [['0 × Team (Tier 1 at $0.00 / month)', 0, '0', 0], FLAT]],
    ['graduated', 3, [INCLUDED, FLAT]],
    ['graduated', 5, [INCLUDED, FLAT, ['2 × Team (Tier 2 at $5.00 / month)', 2, '500', 1000]]],
    ['volume', 3, [INCLUDED, FLAT]],
    ['volume', 5, [['5 × Team (Tier 2 at $5.00 / month)', 5, '500', 2500]]],
  ])('%s, %i units', async (tiers_mode, quantity, lines) => {
    const price = await it.aTieredPrice({ tiers_mode })
    const { id: customer } = await it.aCustomer()
    const items = [{ price: price.id, quantity }]
    const preview = await it.stripe.invoices.createPreview({ customer, subscription_details: { items } })
    const { latest_invoice } = await it.stripe.subscriptions.create({ customer, items, expand: ['latest_invoice'] })
    for (const invoice of [preview, expanded(latest_invoice)]) {
      expect(invoice.lines.data.map(lineOf)).toEqual(lines)
      expect(invoice.total).toBe(lines.reduce((sum, line) => sum + line[3], 0))
    }
    expect(expanded(latest_invoice)).toMatchObject({ status: 'paid', amount_paid: preview.amount_due })
  })
  test('name the unit, and show a price with decimals in full', async () => {
    const price = await it.stripe.prices.create({
      currency: 'usd',
      recurring: { interval: 'month' },
      product_data: { name: 'Usage', unit_label: 'credit' },
      billing_scheme: 'tiered',
      tiers_mode: 'graduated',
      tiers: untyped([
        { up_to: 1000, unit_amount: 0, flat_amount: 900 },
        { up_to: 'inf', unit_amount_decimal: '3.6', flat_amount: 0 },
      ]),
    })
    const { id: customer } = await it.aCustomer()
    const preview = await it.stripe.invoices.createPreview({
      customer,
      subscription_details: { items: [{ price: price.id, quantity: 1031 }] },
    })
    expect(preview.lines.data.map(lineOf)).toEqual([
      ['1000 credit × Usage (Tier 1 at $0.00 / month)', 1000, '0', 0],
      ['Usage (Tier 1 at $9.00 / month)', 0, null, 900],
      ['31 credit × Usage (Tier 2 at $0.036 / month)', 31, '3.6', 112],
      ['Usage (Tier 2 at $0.00 / month)', 0, null, 0],
    ])
  })
  test('have their own discounts and taxes', async () => {
    const coupon = await it.stripe.coupons.create({ percent_off: 33.3, duration: 'forever' })
    const rate = await it.stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 19 })
    const { customer } = await it.aTeam(5, { discounts: [{ coupon: coupon.id }], default_tax_rates: [rate.id] })
    const invoice = await it.latestInvoice(customer)
    const lines = invoice.lines.data.map((line) => [line.discount_amounts?.[0]?.amount, line.taxes?.[0]?.amount])
    expect(lines).toEqual([
      [0, 0],
      [666, 253],
      [333, 127],
    ])
    expect(invoice).toMatchObject({ subtotal: 3000, total: 2381 })
  })
})
