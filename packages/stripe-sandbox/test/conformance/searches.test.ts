import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, idOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
let ada: Stripe.Customer
let subscription: Stripe.Subscription
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
  const price = await it.aPrice({ name: 'Gold-plus plan' })
  await stripe.prices.update(price.id, { lookup_key: 'gold', metadata: { tier: 'gold' } })
  ada = await it.aCustomer({ email: 'Ada@Example.com' })
  await stripe.customers.update(ada.id, { name: 'Ada Lovelace', metadata: { user: '7' } })
  await stripe.customers.create({ email: 'bob@example.com', name: 'Bob' })
  subscription = await stripe.subscriptions.create({
    customer: ada.id,
    items: [{ price: price.id }],
    metadata: { team: 'red' },
  })
})
afterAll(() => it[Symbol.asyncDispose]())

const idsOf = async (search: Promise<Stripe.Response<Stripe.ApiSearchResult<{ id: string }>>>) =>
  (await search).data.map(({ id }) => id)

describe('search (https://docs.stripe.com/search)', () => {
  test.each([
    'email:"ada@example.com"',
    'email~"ada@"',
    'name~"LOVE" AND metadata["user"]:"7"',
    '-metadata["user"]:null',
    '-email:"bob@example.com"',
    'name:"nobody" OR metadata["user"]:"7"',
  ])('finds a customer by %s', async (query) => {
    expect(await idsOf(stripe.customers.search({ query }))).toEqual([ada.id])
  })
  test('finds subscriptions, invoices, charges, payment intents, prices and products by their fields', async () => {
    const [invoice] = (await stripe.invoices.list({ customer: ada.id })).data
    const [charge] = (await stripe.charges.list({ customer: ada.id })).data
    const product = idOf(subscription.items.data[0]?.price.product)
    const found = [
      await idsOf(stripe.subscriptions.search({ query: 'status:"active" AND metadata["team"]:"red"' })),
      await idsOf(stripe.invoices.search({ query: `subscription:"${subscription.id}" AND total>999 AND total<1001` })),
      await idsOf(stripe.charges.search({ query: 'payment_method_details.card.last4:4242 AND amount:1000' })),
      await idsOf(stripe.paymentIntents.search({ query: `customer:"${ada.id}" AND status:"succeeded"` })),
      await idsOf(stripe.prices.search({ query: 'active:"true" AND lookup_key:"gold"' })),
      await idsOf(stripe.products.search({ query: 'name~"gold-plus"' })),
    ]
    expect(found.flat()).toEqual([
      ...[subscription.id, invoice?.id, charge?.id, charge && idOf(charge.payment_intent)],
      ...[subscription.items.data[0]?.price.id, product],
    ])
  })
  test('does not find the price of a deleted plan', async () => {
    const price = await it.aPrice({ amount: 1000 })
    await stripe.prices.update(price.id, { metadata: { tier: 'gone' } })
    const query = 'metadata["tier"]:"gone"'
    expect(await idsOf(stripe.prices.search({ query }))).toEqual([price.id])
    await stripe.plans.del(price.id)
    expect(await idsOf(stripe.prices.search({ query }))).toEqual([])
  })
  test('goes through pages, newest first, counts on demand and expands', async () => {
    const first = await stripe.customers.search({ query: 'created>0', limit: 1, expand: ['total_count'] })
    expect(first).toMatchObject({
      object: 'search_result',
      has_more: true,
      total_count: 2,
      url: '/v1/customers/search',
    })
    expect(first.data[0]?.name).toBe('Bob')
    const page = first.next_page ?? ''
    const second = await stripe.customers.search({ query: 'created>0', limit: 1, page })
    expect(second).toMatchObject({ has_more: false, next_page: null, data: [{ id: ada.id }] })
    expect(second).not.toHaveProperty('total_count')
    const all = await stripe.customers.search({ query: 'created>0', limit: 1 }).autoPagingToArray({ limit: 10 })
    expect(all).toHaveLength(2)
    const expanded = await stripe.subscriptions.search({ query: 'status:"active"', expand: ['data.customer'] })
    expect(expanded.data[0]?.customer).toMatchObject({ id: ada.id, object: 'customer' })
  })
  test.each([
    ['colour:"red"', 'Field `colour` is an unsupported search field for resource `customers`.'],
    ['metadata:"red"', 'Field `metadata` is an unsupported search field for resource `customers`.'],
    ['email="x"', 'We were unable to parse your search query.'],
    ['email>"x"', 'The operator `>` cannot be used with the field `email`.'],
    ['created:"soon"', 'The field `created` can only be compared with a number.'],
    ['email~"ad"', 'A substring search needs at least 3 characters'],
  ])('refuses %s', async (query, message) => {
    expect(await errorOf(stripe.customers.search({ query }))).toMatchObject({
      statusCode: 400,
      param: 'query',
      message: expect.stringContaining(message),
    })
  })
})

describe('what a new account has empty', () => {
  test('is an empty list, whose filters are checked', async () => {
    const lists: (() => Promise<{ data: unknown[]; url?: string }>)[] = [
      () => stripe.payouts.list({ status: 'paid', created: { gt: 5 } }),
      () => stripe.transfers.list(),
      () => stripe.applicationFees.list(),
      () => stripe.topups.list(),
      () => stripe.reviews.list(),
      () => stripe.quotes.list({ customer: ada.id }),
      () => stripe.paymentMethodConfigurations.list(),
      () => stripe.paymentMethodDomains.list(),
      () => stripe.shippingRates.list({ active: true }),
      () => stripe.files.list(),
      () => stripe.fileLinks.list(),
      () => stripe.radar.earlyFraudWarnings.list({ charge: 'ch_1' }),
      () => stripe.accounts.list(),
      () => stripe.billing.creditGrants.list({ customer: ada.id }),
      () => stripe.billing.creditBalanceTransactions.list({ customer: ada.id }),
      () => stripe.setupAttempts.list({ setup_intent: 'seti_1' }),
      () => stripe.customers.listSources(ada.id, { object: 'card' }),
      () => stripe.customers.listCashBalanceTransactions(ada.id),
    ]
    for (const list of lists) expect((await list()).data).toEqual([])
    expect(await stripe.customers.retrieveCashBalance(ada.id)).toMatchObject({
      object: 'cash_balance',
      available: null,
    })
    expect(await errorOf(stripe.payouts.list(untyped({ colour: 'red' })))).toMatchObject({ code: 'parameter_unknown' })
    expect(await errorOf(stripe.payouts.list(untyped({ created: 'x' })))).toMatchObject({ statusCode: 400 })
    expect(await errorOf(stripe.payouts.retrieve('po_1'))).toMatchObject({
      statusCode: 404,
      message: "No such payout: 'po_1'",
    })
    expect(await errorOf(stripe.customers.listSources('cus_none'))).toMatchObject({ statusCode: 404 })
  })
  test('below /v2, an unknown address is answered in JSON', async () => {
    const request = { headers: { authorization: `Bearer ${it.sandbox.secretKey}` } }
    const response = await fetch(`${it.sandbox.url}/v2/core/accounts`, request)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining('/v2/core/accounts') } })
  })
  test('below /v2, a thin event can be retrieved, and so can an event of the first version', async () => {
    await it.control('POST', '/_/thin-events', { type: 'v1.billing.meter.no_meter_found' })
    const [event] = (await stripe.v2.core.events.list({ types: ['v1.billing.meter.no_meter_found'] })).data
    expect(event).toMatchObject({ object: 'v2.core.event', type: 'v1.billing.meter.no_meter_found' })
    expect(await stripe.v2.core.events.retrieve(event?.id ?? '')).toMatchObject({ id: event?.id })
  })
})

test('a webhook endpoint can only be subscribed to events that Stripe knows', async () => {
  const url = 'http://127.0.0.1:9/'
  const unknown = untyped({ url, enabled_events: ['customer.created', 'customer.born'] })
  expect(await errorOf(stripe.webhookEndpoints.create(unknown))).toMatchObject({
    statusCode: 400,
    param: 'enabled_events[1]',
  })
  const { id } = await stripe.webhookEndpoints.create({ url, enabled_events: ['*'] })
  const update = untyped({ enabled_events: ['customer.born'] })
  expect(await errorOf(stripe.webhookEndpoints.update(id, update))).toMatchObject({ param: 'enabled_events[0]' })
  await stripe.webhookEndpoints.del(id)
})

describe('expand', () => {
  test('accepts what is there already, and ignores what can not be expanded further in', async () => {
    const expand = ['items', 'items.data.price', 'items.data.plan', 'default_source', 'latest_invoice.payment_intent']
    const { items, latest_invoice } = await stripe.subscriptions.retrieve(subscription.id, { expand })
    expect(items.data[0]?.price.object).toBe('price')
    expect(latest_invoice).toMatchObject({ object: 'invoice' })
    const { id } = (await stripe.invoices.list({ customer: ada.id })).data[0] ?? { id: '' }
    expect(await stripe.invoices.retrieve(id, { expand: ['lines', 'lines.data.price'] })).toMatchObject({ id })
    const listed = await stripe.subscriptions.list({ expand: ['data.items.data.price'] })
    expect(listed.data[0]?.items.data[0]?.price).toMatchObject({ object: 'price' })
  })
  test('refuses a first name that is no object, and a path that is too deep', async () => {
    const refused = (path: string) => errorOf(stripe.subscriptions.retrieve(subscription.id, { expand: [path] }))
    expect(await refused('status')).toMatchObject({ message: 'This property cannot be expanded (status).' })
    expect(await refused('charge')).toMatchObject({ message: 'This property cannot be expanded (charge).' })
    expect(await refused('a.b.c.d.e')).toMatchObject({ code: 'property_expansion_max_depth' })
    expect(await errorOf(stripe.subscriptions.list({ expand: ['customer'] }))).toMatchObject({
      message: 'This property cannot be expanded (customer).',
    })
  })
  test('the error of a cursor names the kind of object', async () => {
    expect(await errorOf(stripe.customers.list({ starting_after: 'cus_none' }))).toMatchObject({
      message: "No such customer: 'cus_none'",
      param: 'starting_after',
    })
  })
})

describe('what an object is given, it shows', () => {
  test('a customer: shipping and languages', async () => {
    const shipping = { name: 'Ada', phone: '1', address: { line1: 'Main St 1', country: 'US' } }
    const { id } = await stripe.customers.create({ shipping, preferred_locales: ['de', 'en'] })
    expect(await stripe.customers.retrieve(id)).toMatchObject({ shipping, preferred_locales: ['de', 'en'] })
    await stripe.customers.update(id, { preferred_locales: ['fr'], invoice_prefix: 'ADA', next_invoice_sequence: 7 })
    const customer = await stripe.customers.retrieve(id)
    expect(customer).toMatchObject({ preferred_locales: ['fr'], invoice_prefix: 'ADA', next_invoice_sequence: 7 })
    await stripe.customers.update(id, { source: 'tok_visa' })
    expect((await stripe.customers.listPaymentMethods(id)).data).toHaveLength(1)
    expect((await stripe.customers.listPaymentMethods(id, { type: 'sepa_debit' })).data).toEqual([])
  })
  test('a portal configuration: reasons, updates of customers, and addresses of policies', async () => {
    const given = {
      business_profile: { headline: 'Hi', privacy_policy_url: 'https://a.example/privacy' },
      features: {
        customer_update: { enabled: true, allowed_updates: ['email' as const] },
        subscription_cancel: {
          ...{ enabled: true, mode: 'immediately' as const, proration_behavior: 'create_prorations' as const },
          cancellation_reason: { enabled: true, options: ['too_expensive' as const, 'other' as const] },
        },
      },
    }
    const { id } = await stripe.billingPortal.configurations.create(given)
    expect(await stripe.billingPortal.configurations.retrieve(id)).toMatchObject(given)
  })
})

test('a portal flow can not cancel what is set to cancel', async () => {
  const customer = idOf(subscription.customer)
  const flow_data = {
    type: 'subscription_cancel' as const,
    subscription_cancel: { subscription: subscription.id },
  }
  await stripe.billingPortal.sessions.create({ customer, flow_data })
  await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
  // What better-auth looks for in the message: https://github.com/better-auth/better-auth, packages/stripe/src/index.ts
  expect(await errorOf(stripe.billingPortal.sessions.create({ customer, flow_data }))).toMatchObject({
    statusCode: 400,
    message: expect.stringContaining('already set to be canceled'),
  })
})

test('filters that nothing here can match find nothing', async () => {
  const customer_account = 'acct_1'
  expect((await stripe.invoices.list({ customer_account })).data).toEqual([])
  expect((await stripe.subscriptions.list({ customer_account })).data).toEqual([])
  expect((await stripe.charges.list({ transfer_group: 'order' })).data).toEqual([])
  expect((await stripe.balanceTransactions.list({ payout: 'po_1' })).data).toEqual([])
  const { data } = await stripe.subscriptions.list({ plan: subscription.items.data[0]?.price.id })
  expect(data.map(({ id }) => id)).toEqual([subscription.id])
})
