import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, TestSandbox } from '../test-sandbox.ts'

const ENABLED = { automatic_tax: { enabled: true } }

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe('tax ids (https://docs.stripe.com/billing/customer/tax-ids)', () => {
  test.each([
    ['DE000000000', 'verified', 'TEST COMPANY'],
    ['DE111111111', 'unverified', null],
    ['DE333333333', 'unavailable', null],
  ])('the registry answers about %s: %s', async (value, status, verified_name) => {
    const { id: customer } = await it.aCustomer()
    const types = await it.eventsOf(async () => {
      const created = await it.stripe.customers.createTaxId(customer, { type: 'eu_vat', value })
      expect(created).toMatchObject({ object: 'tax_id', country: 'DE', verification: { status: 'pending' } })
    })
    expect(types).toEqual(['customer.tax_id.created', 'customer.tax_id.updated'])
    const [found] = (await it.stripe.customers.listTaxIds(customer)).data
    expect(found).toMatchObject({ value, verification: { status, verified_name } })
    expect((await it.lastEvent('customer.tax_id.updated')).data.previous_attributes).toMatchObject({
      verification: { status: 'pending' },
    })
  })
  test('a number can stay pending, and a malformed one is refused', async () => {
    const { id: customer } = await it.aCustomer()
    const pending = await it.stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE222222222' })
    expect(await it.stripe.taxIds.retrieve(pending.id)).toMatchObject({ verification: { status: 'pending' } })
    expect(await errorOf(it.stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'X1' }))).toMatchObject({
      code: 'tax_id_invalid',
      param: 'value',
    })
    expect(await it.eventsOf(() => it.stripe.customers.deleteTaxId(customer, pending.id))).toEqual([
      'customer.tax_id.deleted',
    ])
    expect(await errorOf(it.stripe.taxIds.retrieve(pending.id))).toMatchObject({ statusCode: 404 })
    const own = await it.stripe.taxIds.create({ type: 'us_ein', value: '12-3456789' })
    expect(own).toMatchObject({ customer: null, owner: { type: 'self' }, verification: null })
    expect((await it.stripe.taxIds.list()).data).toMatchObject([{ id: own.id }])
  })
  test('a business in another country of the EU has reverse charge, but not with an unknown number', async () => {
    await using seller = await TestSandbox.start()
    await seller.stripe.tax.settings.update({ head_office: { address: { country: 'DE' } } })
    const price = await seller.aPrice({ amount: 1000 })
    const invoiceOf = async (country: string, value: string) => {
      const { id: customer } = await seller.stripe.customers.create({
        address: { country },
        tax_id_data: [{ type: 'eu_vat', value }],
        payment_method: 'pm_card_visa',
        invoice_settings: { default_payment_method: 'pm_card_visa' },
      })
      await seller.stripe.subscriptions.create({ customer, items: [{ price: price.id }], ...ENABLED })
      return seller.latestInvoice(customer)
    }
    expect(await invoiceOf('FR', 'FR00000000000')).toMatchObject({
      total: 1000,
      customer_tax_ids: [{ type: 'eu_vat', value: 'FR00000000000' }],
      total_taxes: [{ amount: 0, taxability_reason: 'reverse_charge' }],
    })
    expect(await invoiceOf('FR', 'FR11111111111')).toMatchObject({ total: 1200 })
    expect(await invoiceOf('DE', 'DE000000000')).toMatchObject({ total: 1190 })
  })
})
