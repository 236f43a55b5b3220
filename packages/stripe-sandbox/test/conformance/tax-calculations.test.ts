import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
let tax: Stripe['tax']
beforeAll(async () => {
  it = await TestSandbox.start()
  tax = it.stripe.tax
})
afterAll(() => it[Symbol.asyncDispose]())

const IN_GERMANY = { address: { country: 'DE', postal_code: '10115' }, address_source: 'shipping' as const }

async function aCalculation(params: Partial<Stripe.Tax.CalculationCreateParams> = {}) {
  return tax.calculations.create({
    currency: 'eur',
    customer_details: IN_GERMANY,
    line_items: [{ amount: 1000, reference: 'L1' }],
    ...params,
  })
}

let count = 0
async function aTransaction(params: Partial<Stripe.Tax.CalculationCreateParams> = {}) {
  const { id } = await aCalculation(params)
  return tax.transactions.createFromCalculation({
    calculation: id ?? '',
    reference: `order_${(count += 1)}`,
    expand: ['line_items'],
  })
}

describe('tax calculations (https://docs.stripe.com/api/tax/calculations)', () => {
  test('tax lines and shipping at the address, inclusive and exclusive', async () => {
    const calculation = await aCalculation({
      line_items: [
        { amount: 1000, reference: 'L1' },
        { amount: 1190, quantity: 2, reference: 'L2', tax_behavior: 'inclusive' },
        { amount: 500, reference: 'L3', tax_code: 'txcd_00000000' },
      ],
      shipping_cost: { amount: 300 },
      expand: ['line_items.data.tax_breakdown', 'shipping_cost.tax_breakdown'],
    })
    expect(calculation).toMatchObject({
      ...{ object: 'tax.calculation', amount_total: 3237, tax_amount_exclusive: 247, tax_amount_inclusive: 190 },
      customer_details: { address: { country: 'DE' }, address_source: 'shipping', taxability_override: 'none' },
      shipping_cost: { amount: 300, amount_tax: 57, tax_behavior: 'exclusive', tax_code: 'txcd_92010001' },
      tax_breakdown: [
        { amount: 247, inclusive: false, taxable_amount: 1300, taxability_reason: 'standard_rated' },
        { amount: 190, inclusive: true, taxable_amount: 1000 },
        { amount: 0, taxability_reason: 'not_subject_to_tax' },
      ],
      line_items: {
        data: [
          {
            ...{ amount: 1000, amount_tax: 190, reference: 'L1' },
            tax_breakdown: [
              {
                amount: 190,
                jurisdiction: { country: 'DE', level: 'country' },
                tax_rate_details: { percentage_decimal: '19', tax_type: 'vat' },
              },
            ],
          },
          { amount: 1190, amount_tax: 190, quantity: 2, tax_behavior: 'inclusive' },
          { amount: 500, amount_tax: 0 },
        ],
      },
    })
    const id = calculation.id ?? ''
    expect((await tax.calculations.listLineItems(id, { limit: 1 })).data).toMatchObject([{ reference: 'L1' }])
    expect(await tax.calculations.retrieve(id)).toMatchObject({ amount_total: 3237 })
  })

  test('know the location and the exemption of a customer', async () => {
    const { id } = await it.stripe.customers.create({
      address: { country: 'US', postal_code: '10001' },
      tax_exempt: 'exempt',
    })
    const params = { customer: id, customer_details: undefined, currency: 'usd' }
    expect(await aCalculation(params)).toMatchObject({
      customer_details: { address_source: 'billing', taxability_override: 'customer_exempt' },
      tax_breakdown: [{ amount: 0, taxability_reason: 'customer_exempt', tax_rate_details: { state: 'NY' } }],
    })
    await it.stripe.customers.update(id, { tax_exempt: 'none' })
    expect(await aCalculation(params)).toMatchObject({ amount_total: 1040, tax_amount_exclusive: 40 })
  })

  test('reverse the charge of a business in the European Union', async () => {
    const customer_details = { ...IN_GERMANY, tax_ids: [{ type: 'eu_vat' as const, value: 'DE123456789' }] }
    expect(await aCalculation({ customer_details })).toMatchObject({
      tax_amount_exclusive: 0,
      tax_breakdown: [{ taxability_reason: 'reverse_charge' }],
    })
  })

  test.each([
    [{ customer_details: undefined }, 'customer_details'],
    [{ customer: 'cus_none' }, 'customer_details'],
    [{ customer_details: { address: { country: 'DE' } } }, 'customer_details[address_source]'],
    [{ customer_details: { ...IN_GERMANY, address: { country: 'US' } } }, 'customer_details[address]'],
    [{ line_items: [] }, 'line_items'],
    [{ currency: 'xxx1' }, 'currency'],
    [{ shipping_cost: { tax_code: 'txcd_92010001' } }, 'shipping_cost[amount]'],
    [
      {
        line_items: [
          { amount: 1, reference: 'a' },
          { amount: 2, reference: 'a' },
        ],
      },
      'line_items[1][reference]',
    ],
  ])('refuse %j', async (params, param) => {
    expect(await errorOf(aCalculation(untyped(params)))).toMatchObject({ param, statusCode: 400 })
  })
})

describe('tax transactions (https://docs.stripe.com/api/tax/transactions)', () => {
  test('keep what was calculated, and each reference only once', async () => {
    const transaction = await aTransaction({ shipping_cost: { amount: 100 } })
    expect(transaction).toMatchObject({
      ...{ object: 'tax.transaction', type: 'transaction', reversal: null },
      shipping_cost: { amount: 100, amount_tax: 19 },
      line_items: { data: [{ amount: 1000, amount_tax: 190, reference: 'L1', type: 'transaction' }] },
    })
    const { id } = await aCalculation()
    const again = { calculation: id ?? '', reference: transaction.reference }
    expect(await errorOf(tax.transactions.createFromCalculation(again))).toMatchObject({ param: 'reference' })
    expect(await tax.transactions.retrieve(transaction.id)).toMatchObject({ reference: transaction.reference })
  })

  test('are reversed in full, once', async () => {
    const { id, reference } = await aTransaction({ shipping_cost: { amount: 100 } })
    const params = { mode: 'full' as const, original_transaction: id, expand: ['line_items'] }
    const reversal = await tax.transactions.createReversal({ ...params, reference: `${reference}_refund` })
    expect(reversal).toMatchObject({
      ...{ type: 'reversal', reversal: { original_transaction: id } },
      shipping_cost: { amount: -100, amount_tax: -19 },
      line_items: { data: [{ amount: -1000, amount_tax: -190, type: 'reversal' }] },
    })
    const twice = tax.transactions.createReversal({ ...params, reference: `${reference}_again` })
    expect(await errorOf(twice)).toMatchObject({ param: 'original_transaction' })
  })

  test('are reversed in part, up to what is left', async () => {
    const { id, reference, line_items } = await aTransaction()
    const original_line_item = line_items?.data[0]?.id ?? ''
    const part = async (amount: number, number: number) =>
      tax.transactions.createReversal({
        mode: 'partial',
        original_transaction: id,
        reference: `${reference}_${number}`,
        line_items: [{ amount, amount_tax: 0, original_line_item, reference: `R${number}` }],
      })
    expect(await part(-600, 1)).toMatchObject({ type: 'reversal' })
    expect(await errorOf(part(-401, 2))).toMatchObject({ param: 'line_items[0][amount]' })
    expect(await part(-400, 2)).toMatchObject({ type: 'reversal' })
  })

  test('are reversed by a flat amount, which is spread over what is left of lines and shipping', async () => {
    const { id, reference, line_items } = await aTransaction({
      line_items: [
        { amount: 1000, reference: 'L1' },
        { amount: 1190, reference: 'L2', tax_behavior: 'inclusive' },
      ],
      shipping_cost: { amount: 100 },
    })
    const reverse = async (flat_amount: number, params: object = {}) =>
      tax.transactions.createReversal({
        ...{ mode: 'partial', original_transaction: id, reference: `${reference}_${(count += 1)}`, flat_amount },
        ...params,
        expand: ['line_items'],
      })
    // Half of 1000 + 190, 1190 and 100 + 19.
    expect(await reverse(-1250)).toMatchObject({
      shipping_cost: { amount: -50, amount_tax: -10 },
      line_items: {
        data: [
          { amount: -500, amount_tax: -95, type: 'reversal' },
          { amount: -595, amount_tax: -95, reversal: { original_line_item: line_items?.data[1]?.id } },
        ],
      },
    })
    expect(await errorOf(reverse(-1250, { shipping_cost: { amount: -1, amount_tax: 0 } }))).toMatchObject({
      code: 'parameters_exclusive',
    })
    expect(await errorOf(reverse(-1, { mode: 'full' }))).toMatchObject({ param: 'flat_amount' })
    expect(await errorOf(reverse(-1251))).toMatchObject({ param: 'flat_amount' })
    expect(await reverse(-1249)).toMatchObject({ shipping_cost: { amount: -50, amount_tax: -9 } })
  })
})

describe('tax locations (https://docs.stripe.com/tax/location-sales)', () => {
  test('decide the taxes of what takes place there', async () => {
    const place = await tax.locations.create({
      ...{ type: 'performance', description: 'Greenleaf Park' },
      address: { line1: 'Folsom and Pearl St', city: 'Boulder', state: 'CO', postal_code: '80302', country: 'US' },
    })
    expect(place).toMatchObject({
      ...{ id: expect.stringMatching(/^taxloc_/), object: 'tax.location', livemode: false },
      address: { country: 'US', line2: null, state: 'CO' },
    })
    expect(await tax.locations.retrieve(place.id)).toEqual(place)
    expect((await tax.locations.list({ type: 'performance' })).data).toContainEqual(place)

    const ticket = { amount: 10_000, tax_code: 'txcd_50010001' }
    const { line_items, tax_amount_exclusive } = await aCalculation({
      currency: 'usd',
      customer_details: { address: { country: 'US', postal_code: '10001' }, address_source: 'billing' },
      line_items: [{ ...ticket, performance_location: place.id }, { amount: 10_000 }],
      expand: ['line_items.data.tax_breakdown'],
    })
    // 2.9 % in Colorado, and 4 % in New York.
    expect([tax_amount_exclusive, line_items?.data[0]]).toMatchObject([
      690,
      { amount_tax: 290, performance_location: place.id, tax_breakdown: [{ jurisdiction: { state: 'CO' } }] },
    ])
    const param = 'line_items[0][performance_location]'
    expect(await errorOf(aCalculation({ line_items: [ticket] }))).toMatchObject({ param, code: 'parameter_missing' })
    const nowhere = { ...ticket, performance_location: 'taxloc_none' }
    expect(await errorOf(aCalculation({ line_items: [nowhere] }))).toMatchObject({ param, code: 'resource_missing' })
  })

  test('decide the taxes of products on invoices', async () => {
    const { id: location } = await tax.locations.create({ type: 'performance', address: { country: 'DE' } })
    const tax_details = { performance_location: location }
    const product = await it.stripe.products.create({ name: 'Concert', tax_details })
    expect(product.tax_details).toEqual({ performance_location: location, tax_code: null })
    const customer = await it.stripe.customers.create({ address: { country: 'US', postal_code: '10001' } })
    const price = await it.stripe.prices.create({
      ...{ product: product.id, currency: 'usd', unit_amount: 10_000, recurring: { interval: 'year' } },
    })
    const preview = await it.stripe.invoices.createPreview({
      customer: customer.id,
      automatic_tax: { enabled: true },
      subscription_details: { items: [{ price: price.id }] },
    })
    expect(preview.total).toBe(11_900)
    const nowhere = it.stripe.prices.create({
      ...{ currency: 'usd', unit_amount: 1 },
      product_data: { name: 'Concert', tax_details: { performance_location: 'taxloc_none' } },
    })
    expect(await errorOf(nowhere)).toMatchObject({
      ...{ code: 'resource_missing', param: 'product_data[tax_details][performance_location]' },
    })
  })
})
