import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, expanded, idOf, TestSandbox } from '../test-sandbox.ts'

const START = '2026-04-01T00:00:00Z'
const ENABLED = { automatic_tax: { enabled: true } }
const BERLIN = { country: 'DE', postal_code: '10115' }
const AUSTIN = { country: 'US', postal_code: '78701' }

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

/** A customer in April, at an address. */
async function aCustomerAt(address: Stripe.AddressParam | undefined, params: Stripe.CustomerCreateParams = {}) {
  const { id: clock } = await it.aClock(START)
  const card = { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } }
  const { id } = await it.stripe.customers.create({
    test_clock: clock,
    email: 'a@b.example',
    ...card,
    address,
    ...params,
  })
  return { customer: id, clock }
}

/** A price whose tax behavior is given. */
async function aPrice(amount: number, tax_behavior?: 'exclusive' | 'inclusive', product: object = {}) {
  const { id } = await it.stripe.prices.create({
    currency: 'usd',
    unit_amount: amount,
    recurring: { interval: 'month' },
    product: (await it.stripe.products.create({ name: 'Pro', ...product })).id,
    ...(tax_behavior && { tax_behavior }),
  })
  return id
}

/** The first invoice of a new subscription with automatic tax. */
async function firstInvoice(customer: string, price: string, params: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const { latest_invoice } = await it.stripe.subscriptions.create({
    customer,
    items: [{ price }],
    ...ENABLED,
    ...params,
    expand: ['latest_invoice.total_taxes.tax_rate_details.tax_rate'],
  })
  return expanded(latest_invoice)
}

describe('automatic tax on invoices (https://docs.stripe.com/tax/subscriptions)', () => {
  test('adds the tax of the place to an exclusive price', async () => {
    const { customer } = await aCustomerAt(BERLIN)
    const invoice = await firstInvoice(customer, await aPrice(1000, 'exclusive'))
    expect(invoice).toMatchObject({
      status: 'paid',
      automatic_tax: { enabled: true, status: 'complete', provider: 'stripe', liability: { type: 'self' } },
      subtotal: 1000,
      total: 1190,
      amount_paid: 1190,
      total_taxes: [
        {
          amount: 190,
          tax_behavior: 'exclusive',
          taxability_reason: 'standard_rated',
          tax_rate_details: { tax_rate: { country: 'DE', percentage: 19, tax_type: 'vat', active: false } },
        },
      ],
    })
  })
  test('takes the tax out of an inclusive price, whose total stays', async () => {
    const { customer } = await aCustomerAt(BERLIN)
    expect(await firstInvoice(customer, await aPrice(1190, 'inclusive'))).toMatchObject({
      total: 1190,
      total_excluding_tax: 1000,
      total_taxes: [{ amount: 190, tax_behavior: 'inclusive' }],
    })
  })
  test('a state of the United States has its sales tax, by ZIP code or by state', async () => {
    const price = await aPrice(10_000)
    const { customer } = await aCustomerAt(AUSTIN)
    expect(await firstInvoice(customer, price)).toMatchObject({
      total: 10_625,
      total_taxes: [{ tax_rate_details: { tax_rate: { country: 'US', state: 'TX', tax_type: 'sales_tax' } } }],
    })
    const other = await aCustomerAt({ country: 'US', state: 'OR' })
    expect(await firstInvoice(other.customer, price)).toMatchObject({
      total: 10_000,
      total_taxes: [{ amount: 0, taxability_reason: 'zero_rated' }],
    })
  })
  test('a province of Canada can have two taxes', async () => {
    const { customer } = await aCustomerAt({ country: 'CA', state: 'QC', postal_code: 'H2Y 1C6' })
    expect(await firstInvoice(customer, await aPrice(10_000))).toMatchObject({
      total: 10_000 + 500 + 998,
      total_taxes: [{ amount: 500 }, { amount: 998 }],
    })
  })
  test('an IP address is enough of a location', async () => {
    const { customer } = await aCustomerAt(undefined, { tax: { ip_address: '198.51.100.7' } })
    expect(await it.stripe.customers.retrieve(customer, { expand: ['tax'] })).toMatchObject({
      tax: { automatic_tax: 'supported', location: { country: 'US', state: 'NY', source: 'ip_address' } },
    })
    expect(await firstInvoice(customer, await aPrice(1000))).toMatchObject({ total: 1040 })
  })
  test('without a tax behavior, a price in dollars is exclusive and one in euros is inclusive', async () => {
    const euros = await it.aPrice({ amount: 1190, currency: 'eur' })
    const { customer } = await aCustomerAt(BERLIN)
    expect(await firstInvoice(customer, euros.id)).toMatchObject({ total: 1190, total_excluding_tax: 1000 })
  })
  test('each currency of a price has its own tax behavior', async () => {
    const { id } = await it.stripe.prices.create({
      currency: 'usd',
      unit_amount: 1000,
      tax_behavior: 'exclusive',
      currency_options: { eur: { unit_amount: 1190, tax_behavior: 'inclusive' } },
      recurring: { interval: 'month' },
      product_data: { name: 'Pro' },
    })
    const totalIn = async (currency: string) =>
      (await firstInvoice((await aCustomerAt(BERLIN)).customer, id, { currency })).total
    expect([await totalIn('usd'), await totalIn('eur')]).toEqual([1190, 1190])
  })
  test('exempt customers, reverse charge and products that no tax applies to pay none', async () => {
    const price = await aPrice(1000, 'exclusive')
    const reasonFor = async (params: Stripe.CustomerCreateParams, of = price) => {
      const { customer } = await aCustomerAt(BERLIN, params)
      const invoice = await firstInvoice(customer, of)
      return [invoice.total, invoice.customer_tax_exempt, invoice.total_taxes?.[0]?.taxability_reason]
    }
    expect(await reasonFor({ tax_exempt: 'exempt' })).toEqual([1000, 'exempt', 'customer_exempt'])
    expect(await reasonFor({ tax_exempt: 'reverse' })).toEqual([1000, 'reverse', 'reverse_charge'])
    const nontaxable = await aPrice(1000, 'exclusive', { tax_code: 'txcd_00000000' })
    expect(await reasonFor({}, nontaxable)).toEqual([1000, 'none', 'not_subject_to_tax'])
  })
  test('a subscription needs a location, and no tax rates of its own', async () => {
    const price = await aPrice(1000)
    const { customer } = await aCustomerAt(undefined)
    const items = [{ price }]
    expect(await errorOf(it.stripe.subscriptions.create({ customer, items, ...ENABLED }))).toMatchObject({
      statusCode: 400,
      code: 'customer_tax_location_invalid',
    })
    const rate = await it.stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 19 })
    const both = { customer, items, ...ENABLED, default_tax_rates: [rate.id] }
    expect(await errorOf(it.stripe.subscriptions.create(both))).toMatchObject({ param: 'default_tax_rates' })
    expect(
      await errorOf(it.stripe.customers.update(customer, { tax: { validate_location: 'immediately' } })),
    ).toMatchObject({ code: 'customer_tax_location_invalid' })
  })
  test('a renewal follows the customer, and goes without tax if they are nowhere', async () => {
    const { customer, clock } = await aCustomerAt(BERLIN)
    const { subscription } =
      expanded((await firstInvoice(customer, await aPrice(1000, 'exclusive'))).parent).subscription_details ?? {}
    await it.stripe.customers.update(customer, { address: { country: 'FR' } })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    await it.stripe.customers.update(customer, { address: '' })
    await it.advance(clock, '2026-06-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1190, 1200, 1000])
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'paid',
      automatic_tax: { enabled: false, disabled_reason: 'finalization_requires_location_inputs' },
    })
    expect(await it.subscription(idOf(subscription))).toMatchObject({
      automatic_tax: { enabled: false, disabled_reason: 'requires_location_inputs' },
    })
  })
  test('a draft waits for a location, and cannot be finalized without', async () => {
    const { customer } = await aCustomerAt(undefined)
    await it.stripe.invoiceItems.create({ customer, amount: 1000, currency: 'usd' })
    const draft = await it.stripe.invoices.create({ customer, pending_invoice_items_behavior: 'include', ...ENABLED })
    expect(draft).toMatchObject({ automatic_tax: { status: 'requires_location_inputs' }, total: 1000, total_taxes: [] })
    expect(await errorOf(it.stripe.invoices.finalizeInvoice(draft.id))).toMatchObject({
      code: 'customer_tax_location_invalid',
    })
    await it.stripe.customers.update(customer, { address: BERLIN })
    const open = await it.stripe.invoices.finalizeInvoice(draft.id)
    expect(open).toMatchObject({ automatic_tax: { status: 'complete' }, total: 1190 })
    await it.stripe.customers.update(customer, { address: { country: 'FR' } })
    expect(await it.stripe.invoices.retrieve(draft.id)).toMatchObject({ total: 1190 })
  })
  test('while Stripe Tax fails, the status is failed', async () => {
    const { customer } = await aCustomerAt(BERLIN)
    await it.control('PUT', '/_/settings', { taxCalculation: 'failing' })
    expect(await it.stripe.invoices.create({ customer, ...ENABLED })).toMatchObject({
      automatic_tax: { enabled: true, status: 'failed' },
    })
    await it.control('PUT', '/_/settings', { taxCalculation: 'working' })
  })
  test('a credit note gives back the tax, too', async () => {
    const { customer } = await aCustomerAt(BERLIN)
    const invoice = await firstInvoice(customer, await aPrice(1000, 'exclusive'))
    const line = { type: 'invoice_line_item' as const, invoice_line_item: invoice.lines.data[0]?.id, amount: 500 }
    const note = await it.stripe.creditNotes.create({ invoice: invoice.id, lines: [line], credit_amount: 595 })
    expect(note).toMatchObject({ total: 595, total_taxes: [{ amount: 95, taxability_reason: 'standard_rated' }] })
  })
  test('a subscription can be switched on and off, and previews say what it will cost', async () => {
    const { customer } = await aCustomerAt(BERLIN)
    const price = await aPrice(1000, 'exclusive')
    const { id } = await it.stripe.subscriptions.create({ customer, items: [{ price }] })
    const preview = (params: Stripe.InvoiceCreatePreviewParams) => it.stripe.invoices.createPreview(params)
    expect(await preview({ subscription: id, ...ENABLED })).toMatchObject({ total: 1190 })
    expect(await it.stripe.subscriptions.update(id, ENABLED)).toMatchObject({ automatic_tax: { enabled: true } })
    expect(await preview({ subscription: id })).toMatchObject({ total: 1190 })
    expect(await preview({ subscription: id, customer_details: { address: { country: 'FR' } } })).toMatchObject({
      total: 1200,
    })
    await it.stripe.subscriptions.update(id, { automatic_tax: { enabled: false } })
    expect(await preview({ subscription: id })).toMatchObject({ total: 1000, automatic_tax: { enabled: false } })
    const subscription_details = { items: [{ price }] }
    const newcomer = { customer_details: { address: { country: 'SE' } }, subscription_details, ...ENABLED }
    expect(await preview(newcomer)).toMatchObject({ total: 1250, automatic_tax: { status: 'complete' } })
    const nowhere = { customer_details: { tax_exempt: 'none' as const }, subscription_details, ...ENABLED }
    expect(await preview(nowhere)).toMatchObject({ total: 1000, automatic_tax: { status: 'requires_location_inputs' } })
  })
})

describe('settings and registrations (https://docs.stripe.com/tax/settings-api)', () => {
  test('once there is a registration, tax is collected only where there is one', async () => {
    await using seller = await TestSandbox.start()
    const { tax, customers } = seller.stripe
    expect((await seller.stripe.taxCodes.list({ limit: 1 })).data).toMatchObject([{ name: 'Nontaxable' }])
    expect(await errorOf(seller.stripe.taxCodes.retrieve('txcd_1'))).toMatchObject({ statusCode: 404 })
    expect(await tax.settings.retrieve()).toMatchObject({
      status: 'active',
      defaults: { tax_behavior: 'inferred_by_currency' },
    })
    await tax.settings.update({ defaults: { tax_behavior: 'inclusive' } })
    const registered = await tax.registrations.create({
      country: 'US',
      active_from: 'now',
      country_options: { us: { state: 'TX', type: 'state_sales_tax' } },
    })
    expect(registered).toMatchObject({ object: 'tax.registration', status: 'active' })
    const price = await seller.aPrice({ amount: 1000 })
    const invoiceAt = async (address: Stripe.AddressParam) => {
      const card = { payment_method: 'pm_card_visa', invoice_settings: { default_payment_method: 'pm_card_visa' } }
      const { id: customer } = await customers.create({ address, ...card })
      await seller.stripe.subscriptions.create({ customer, items: [{ price: price.id }], ...ENABLED })
      return seller.latestInvoice(customer)
    }
    expect(await invoiceAt(AUSTIN)).toMatchObject({
      total: 1000,
      total_taxes: [{ amount: 59, tax_behavior: 'inclusive' }],
    })
    expect(await invoiceAt(BERLIN)).toMatchObject({ total_taxes: [{ amount: 0, taxability_reason: 'not_collecting' }] })
    await tax.registrations.create({
      country: 'IE',
      active_from: 'now',
      country_options: { ie: { type: 'oss_union' } },
    })
    expect(await invoiceAt(BERLIN)).toMatchObject({ total_taxes: [{ amount: 160 }] })
    await tax.registrations.update(registered.id, { expires_at: 'now' })
    expect((await tax.registrations.list({ status: 'active' })).data).toHaveLength(1)
    expect(await invoiceAt(AUSTIN)).toMatchObject({ total_taxes: [{ taxability_reason: 'not_collecting' }] })
  })
})
