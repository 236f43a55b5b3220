import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { JANUARY, Metering } from '../metering.ts'
import { at, expanded, idOf, TestSandbox } from '../test-sandbox.ts'

const TYPES = join(dirname(createRequire(import.meta.url).resolve('stripe')), '../esm/resources')

/** The top-level keys of an interface in the official package's types: all of them, and the required ones. */
function keysOf(file: string, name: string): { all: string[]; required: string[] } {
  const text = readFileSync(join(TYPES, `${file}.d.ts`), 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
  const body = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(text)?.[1] ?? ''
  // Only the interface's own members: nested members are indented further.
  const members = [...body.matchAll(/^ {4}(\w+)(\??):/gm)]
  return {
    all: members.map(([, key = '']) => key),
    required: members.filter(([, , optional]) => optional === '').map(([, key = '']) => key),
  }
}

type Shown = [file: string, name: string, object: object | undefined]

function checkShapes(objects: readonly Shown[]): void {
  for (const [file, name, object] of objects) {
    const { all, required } = keysOf(file, name)
    const keys = Object.keys(object ?? {}).filter((key) => key !== 'lastResponse')
    expect.soft(required.length, `${file} has members`).toBeGreaterThan(3)
    expect
      .soft(
        required.filter((key) => !keys.includes(key)),
        `missing in ${name}`,
      )
      .toEqual([])
    expect
      .soft(
        keys.filter((key) => !all.includes(key)),
        `unknown in ${name}`,
      )
      .toEqual([])
  }
}

test("every object has all keys that the official package's types require, and no others", async () => {
  await using it = await TestSandbox.start()
  const price = await it.aPrice()
  const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
  const { stripe } = it
  const tiered = await it.aTieredPrice()
  const invoice = await it.latestInvoice(customer)
  const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id })).data
  const intent = await stripe.paymentIntents.retrieve(idOf(payment?.payment.payment_intent))
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    success_url: 'https://a.example/',
    line_items: [{ price: price.id, quantity: 1 }],
  })
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 100 })
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const other = await stripe.paymentIntents.create({
    amount: 500,
    currency: 'usd',
    payment_method: 'pm_card_createDispute',
    confirm: true,
  })
  const balance = await stripe.customers.createBalanceTransaction(customer, { amount: -5, currency: 'usd' })
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'forever' })
  const discounted = await it.aSubscriber({
    from: '2026-03-01T00:00:00Z',
    price: price.id,
    params: { discounts: [{ coupon: coupon.id }], expand: ['discounts'] },
  })
  const team = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: tiered.id })
  const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 10, credit_amount: 10 })
  const objects: Shown[] = [
    ['Accounts', 'Account', await stripe.accounts.retrieveCurrent()],
    ['Customers', 'Customer', await stripe.customers.retrieve(customer)],
    ['Products', 'Product', await stripe.products.retrieve(idOf(price.product))],
    ['Prices', 'Price', price],
    ['Prices', 'Price', await stripe.prices.retrieve(tiered.id, { expand: ['tiers'] })],
    ['PaymentMethods', 'PaymentMethod', (await stripe.customers.listPaymentMethods(customer)).data[0]],
    ['Subscriptions', 'Subscription', subscription],
    ['SubscriptionItems', 'SubscriptionItem', subscription.items.data[0]],
    ['SubscriptionSchedules', 'SubscriptionSchedule', schedule],
    ['Invoices', 'Invoice', invoice],
    ['Invoices', 'Invoice', await stripe.invoices.create({ customer })],
    ['InvoiceLineItems', 'InvoiceLineItem', invoice.lines.data[0]],
    ['InvoiceLineItems', 'InvoiceLineItem', (await it.latestInvoice(team.customer)).lines.data[0]],
    ['InvoiceItems', 'InvoiceItem', await stripe.invoiceItems.create({ customer, amount: 5, currency: 'usd' })],
    ['InvoicePayments', 'InvoicePayment', payment],
    ['PaymentIntents', 'PaymentIntent', intent],
    ['SetupIntents', 'SetupIntent', await stripe.setupIntents.create({ customer })],
    ['Charges', 'Charge', await stripe.charges.retrieve(idOf(intent.latest_charge))],
    ['Refunds', 'Refund', refund],
    ['Disputes', 'Dispute', (await stripe.disputes.list({ payment_intent: other.id })).data[0]],
    [
      'BalanceTransactions',
      'BalanceTransaction',
      await stripe.balanceTransactions.retrieve(idOf(refund.balance_transaction)),
    ],
    ['CustomerBalanceTransactions', 'CustomerBalanceTransaction', balance],
    ['Checkout/Sessions', 'Session', session],
    ['LineItems', 'LineItem', (await stripe.checkout.sessions.listLineItems(session.id)).data[0]],
    ['BillingPortal/Sessions', 'Session', await stripe.billingPortal.sessions.create({ customer })],
    ['BillingPortal/Configurations', 'Configuration', (await stripe.billingPortal.configurations.list()).data[0]],
    [
      'WebhookEndpoints',
      'WebhookEndpoint',
      await stripe.webhookEndpoints.create({ url: 'http://127.0.0.1:9/', enabled_events: ['plan.created'] }),
    ],
    ['Coupons', 'Coupon', coupon],
    [
      'PromotionCodes',
      'PromotionCode',
      await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id } }),
    ],
    ['Discounts', 'Discount', expanded(discounted.subscription.discounts[0])],
    ['Discounts', 'DeletedDiscount', await stripe.subscriptions.deleteDiscount(discounted.subscription.id)],
    ['CreditNotes', 'CreditNote', note],
    ['CreditNoteLineItems', 'CreditNoteLineItem', note.lines.data[0]],
    ['TaxRates', 'TaxRate', await stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 19 })],
    ['TaxIds', 'TaxId', await stripe.customers.createTaxId(customer, { type: 'eu_vat', value: 'DE123456789' })],
    ['Tax/Settings', 'Settings', await stripe.tax.settings.retrieve()],
    [
      'Tax/Registrations',
      'Registration',
      await stripe.tax.registrations.create({
        country: 'DE',
        active_from: 'now',
        country_options: { de: { type: 'oss_union' } },
      }),
    ],
    [
      'CustomerSessions',
      'CustomerSession',
      await stripe.customerSessions.create({ customer, components: { buy_button: { enabled: true } } }),
    ],
    ['TestHelpers/TestClocks', 'TestClock', await stripe.testHelpers.testClocks.retrieve(clock)],
  ]
  checkShapes(objects)
  expect(objects).toHaveLength(39)
})

test('so have those of meters, entitlements and payment links', async () => {
  await using it = await TestSandbox.start()
  const [{ stripe }, metering] = [it, new Metering(it)]
  const meter = await metering.aMeter()
  const { customer, price, subscription } = await metering.aSubscriber(meter)
  const feature = await stripe.entitlements.features.create({ name: 'Calls', lookup_key: 'calls' })
  const product = idOf((await stripe.prices.retrieve(price)).product)
  const attached = await stripe.products.createFeature(product, { entitlement_feature: feature.id })
  const { id: once } = await stripe.prices.create({ currency: 'usd', unit_amount: 5, product })
  const link = await stripe.paymentLinks.create({ line_items: [{ price: once, quantity: 1 }] })
  const span = { customer, start_time: at(JANUARY), end_time: at(JANUARY) + 60 }
  const objects: Shown[] = [
    ['Billing/Meters', 'Meter', meter],
    ['Billing/MeterEvents', 'MeterEvent', await metering.use(meter, customer, 5)],
    [
      'Billing/MeterEventSummaries',
      'MeterEventSummary',
      (await stripe.billing.meters.listEventSummaries(meter.id, span)).data[0],
    ],
    ['SubscriptionItems', 'SubscriptionItem', subscription.items.data[0]],
    ['Prices', 'Price', await stripe.prices.retrieve(price, { expand: ['currency_options'] })],
    ['Plans', 'Plan', await stripe.plans.retrieve(price)],
    ['Entitlements/Features', 'Feature', feature],
    ['ProductFeatures', 'ProductFeature', attached],
    [
      'Entitlements/ActiveEntitlements',
      'ActiveEntitlement',
      (await stripe.entitlements.activeEntitlements.list({ customer })).data[0],
    ],
    ['PaymentLinks', 'PaymentLink', link],
    ['LineItems', 'LineItem', (await stripe.paymentLinks.listLineItems(link.id)).data[0]],
    [
      'Checkout/Sessions',
      'Session',
      await stripe.checkout.sessions.create({ mode: 'setup', currency: 'usd', success_url: 'https://a.example/' }),
    ],
  ]
  checkShapes(objects)
  expect(objects).toHaveLength(12)
})
