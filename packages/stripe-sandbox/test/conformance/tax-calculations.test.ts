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
})
