import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorOf, expanded, idOf, TestSandbox, untyped } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

describe('products (https://docs.stripe.com/api/products)', () => {
  test('creates a product together with its default price', async () => {
    const product = await it.stripe.products.create({
      name: 'Pro',
      default_price_data: { currency: 'usd', unit_amount: 900, recurring: { interval: 'month' } },
    })
    const price = await it.stripe.prices.retrieve(idOf(product.default_price))
    expect(price).toMatchObject({
      unit_amount: 900,
      recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
      type: 'recurring',
      product: product.id,
    })
  })
  test('refuses a product id that is taken', async () => {
    await it.stripe.products.create({ id: 'prod_mine', name: 'Mine' })
    expect(await errorOf(it.stripe.products.create({ id: 'prod_mine', name: 'Again' }))).toMatchObject({
      code: 'resource_already_exists',
    })
  })
  test('an update emits the previous values, and an update that changes nothing emits no event', async () => {
    const { id } = await it.stripe.products.create({ name: 'Old' })
    await it.stripe.products.update(id, { name: 'New' })
    expect((await it.lastEvent('product.updated')).data.previous_attributes).toMatchObject({ name: 'Old' })
    expect(await it.eventsOf(() => it.stripe.products.update(id, { name: 'New' }))).toEqual([])
  })
  test("a product with prices can't be deleted, only archived", async () => {
    const price = await it.aPrice()
    expect(await errorOf(it.stripe.products.del(idOf(price.product)))).toMatchObject({ statusCode: 400 })
    expect(await it.stripe.products.update(idOf(price.product), { active: false })).toMatchObject({ active: false })
  })
  test('a product without prices can be deleted', async () => {
    const { id } = await it.stripe.products.create({ name: 'Short-lived' })
    expect(await it.stripe.products.del(id)).toEqual(expect.objectContaining({ id, object: 'product', deleted: true }))
    expect(await errorOf(it.stripe.products.retrieve(id))).toMatchObject({ code: 'resource_missing' })
  })
  test('lists only inactive products with active: false', async () => {
    const { id } = await it.stripe.products.create({ name: 'Archived', active: false })
    const inactive = await it.stripe.products.list({ active: false })
    expect(inactive.data.map((product) => product.id)).toContain(id)
    expect(inactive.data.every((product) => !product.active)).toBe(true)
  })
})

describe('prices (https://docs.stripe.com/api/prices)', () => {
  test('a price shows its amount as a number and as a decimal', async () => {
    const price = await it.aPrice({ amount: 1234 })
    expect(price.unit_amount).toBe(1234)
    expect(price.unit_amount_decimal?.toString()).toBe('1234')
  })
  test("a price's amount can't be changed", async () => {
    const { id } = await it.aPrice()
    expect(await errorOf(it.stripe.prices.update(id, untyped({ unit_amount: 5 })))).toMatchObject({
      code: 'parameter_unknown',
      param: 'unit_amount',
    })
  })
  test('a price has its currency in lower case, and an unknown currency is refused', async () => {
    expect(
      await it.stripe.prices.create({ currency: 'EUR', unit_amount: 1, product_data: { name: 'x' } }),
    ).toMatchObject({ currency: 'eur' })
    expect(
      await errorOf(it.stripe.prices.create({ currency: 'xyz', unit_amount: 1, product_data: { name: 'x' } })),
    ).toMatchObject({ param: 'currency' })
  })
  test.each([
    ['isk', 1050, 1100],
    ['ugx', 501, 500],
    ['kwd', 5124, 5120],
  ])('refuses an amount that %s does not have: %i, but not %i', async (currency, wrong, right) => {
    const price = { currency, product_data: { name: 'x' } }
    expect(await errorOf(it.stripe.prices.create({ ...price, unit_amount: wrong }))).toMatchObject({
      statusCode: 400,
      param: 'unit_amount',
    })
    expect(await it.stripe.prices.create({ ...price, unit_amount: right })).toMatchObject({ unit_amount: right })
    expect(await errorOf(it.stripe.paymentIntents.create({ currency, amount: wrong }))).toMatchObject({
      param: 'amount',
    })
  })
  test('refuses a negative amount', async () => {
    expect(
      await errorOf(it.stripe.prices.create({ currency: 'usd', unit_amount: -1, product_data: { name: 'x' } })),
    ).toMatchObject({ code: 'parameter_invalid_integer', param: 'unit_amount' })
  })
  test('refuses an interval longer than three years', async () => {
    const params = {
      currency: 'usd',
      unit_amount: 1,
      product_data: { name: 'x' },
      recurring: { interval: 'month' as const, interval_count: 37 },
    }
    expect(await errorOf(it.stripe.prices.create(params))).toMatchObject({ param: 'recurring[interval_count]' })
  })
  test('refuses product and product_data together', async () => {
    const price = await it.aPrice()
    const params = { currency: 'usd', unit_amount: 1, product: idOf(price.product), product_data: { name: 'x' } }
    expect(await errorOf(it.stripe.prices.create(params))).toMatchObject({ code: 'parameters_exclusive' })
  })
  test('a lookup key belongs to one price until it is transferred', async () => {
    const first = await it.stripe.prices.create({
      currency: 'usd',
      unit_amount: 1,
      product_data: { name: 'x' },
      lookup_key: 'pro',
    })
    const next = { currency: 'usd', unit_amount: 2, product: idOf(first.product), lookup_key: 'pro' }
    expect(await errorOf(it.stripe.prices.create(next))).toMatchObject({ statusCode: 400, param: 'lookup_key' })
    const second = await it.stripe.prices.create({ ...next, transfer_lookup_key: true })
    expect((await it.stripe.prices.list({ lookup_keys: ['pro'] })).data.map((price) => price.id)).toEqual([second.id])
    expect((await it.stripe.prices.retrieve(first.id)).lookup_key).toBeNull()
  })
  test("a product's default price can't be archived until the product has another default or none", async () => {
    const product = await it.stripe.products.create({
      name: 'Pro',
      default_price_data: { currency: 'usd', unit_amount: 900, recurring: { interval: 'month' } },
    })
    const price = idOf(product.default_price)
    expect(await errorOf(it.stripe.prices.update(price, { active: false }))).toMatchObject({
      statusCode: 400,
      message: 'This price cannot be archived because it is the default price of its product.',
    })
    expect(await it.stripe.prices.update(price, { nickname: 'still editable' })).toMatchObject({ active: true })
    await it.stripe.products.update(product.id, { default_price: '' })
    expect(await it.stripe.prices.update(price, { active: false })).toMatchObject({ active: false })
  })
  test('a product can be archived with its prices, which stay active but can no longer be sold', async () => {
    const price = await it.aPrice()
    await it.stripe.products.update(idOf(price.product), { active: false })
    expect(await it.stripe.prices.retrieve(price.id)).toMatchObject({ active: true })
    const { id: customer } = await it.aCustomer()
    expect(await errorOf(it.stripe.subscriptions.create({ customer, items: [{ price: price.id }] }))).toMatchObject({
      statusCode: 400,
      param: 'items[0][price]',
    })
  })
  test("an archived price can't be used for new subscriptions", async () => {
    const { id } = await it.aPrice()
    await it.stripe.prices.update(id, { active: false })
    const { id: customer } = await it.aCustomer()
    expect(await errorOf(it.stripe.subscriptions.create({ customer, items: [{ price: id }] }))).toMatchObject({
      statusCode: 400,
      message: 'The price specified is inactive. This field only accepts active prices.',
      param: 'items[0][price]',
    })
  })
  test('an existing subscription to an archived price renews', async () => {
    const price = await it.aPrice({ amount: 700 })
    const { clock, customer } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    await it.stripe.prices.update(price.id, { active: false })
    await it.advance(clock, '2026-04-01T02:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'paid',
      amount_paid: 700,
      billing_reason: 'subscription_cycle',
    })
  })
})

describe('lists (https://docs.stripe.com/api/pagination)', () => {
  test('a list has the newest ten objects first, and says that there are more', async () => {
    const made = []
    for (let index = 0; index < 12; index += 1)
      made.push((await it.stripe.customers.create({ email: 'many@example.com' })).id)
    const first = await it.stripe.customers.list({ email: 'many@example.com' })
    expect(first).toMatchObject({ object: 'list', url: '/v1/customers', has_more: true })
    expect(first.data.map((customer) => customer.id)).toEqual(made.toReversed().slice(0, 10))
  })
  test('starting_after lists the objects after a cursor, ending_before those before it', async () => {
    const all = (await it.stripe.customers.list({ email: 'many@example.com', limit: 100 })).data.map(
      (customer) => customer.id,
    )
    const after = await it.stripe.customers.list({ email: 'many@example.com', limit: 3, starting_after: all[3] })
    expect(after.data.map((customer) => customer.id)).toEqual(all.slice(4, 7))
    const before = await it.stripe.customers.list({ email: 'many@example.com', limit: 3, ending_before: all[8] })
    expect(before.data.map((customer) => customer.id)).toEqual(all.slice(5, 8))
    expect(before.has_more).toBe(true)
  })
  test('auto-pagination returns every object exactly once', async () => {
    const seen: string[] = []
    for await (const customer of it.stripe.customers.list({ email: 'many@example.com', limit: 5 }))
      seen.push(customer.id)
    expect(seen).toHaveLength(12)
    expect(new Set(seen).size).toBe(12)
  })
  test('the next page repeats no object when newer objects are created in between', async () => {
    const first = await it.stripe.customers.list({ email: 'many@example.com', limit: 5 })
    await it.stripe.customers.create({ email: 'many@example.com' })
    const second = await it.stripe.customers.list({
      email: 'many@example.com',
      limit: 5,
      starting_after: first.data.at(-1)?.id,
    })
    expect(second.data.some((customer) => first.data.some((seen) => seen.id === customer.id))).toBe(false)
  })
  test('refuses a limit of 0 or of more than 100', async () => {
    expect(await errorOf(it.stripe.customers.list({ limit: 0 }))).toMatchObject({ statusCode: 400, param: 'limit' })
    expect(await errorOf(it.stripe.customers.list({ limit: 101 }))).toMatchObject({ statusCode: 400, param: 'limit' })
  })
  test('refuses an unknown cursor', async () => {
    expect(await errorOf(it.stripe.customers.list({ starting_after: 'cus_none' }))).toMatchObject({
      code: 'resource_missing',
      param: 'starting_after',
    })
  })
  test('filters by a range of created', async () => {
    const { created, id } = await it.aCustomer({ email: 'range@example.com' })
    expect(
      (await it.stripe.customers.list({ email: 'range@example.com', created: { gte: created } })).data.map(
        (row) => row.id,
      ),
    ).toEqual([id])
    expect((await it.stripe.customers.list({ email: 'range@example.com', created: { lt: created } })).data).toEqual([])
  })
})

describe('expansion (https://docs.stripe.com/api/expanding_objects)', () => {
  test('replaces an id with its object', async () => {
    const price = await it.aPrice({ name: 'Expanded' })
    expect(expanded((await it.stripe.prices.retrieve(price.id, { expand: ['product'] })).product)).toMatchObject({
      name: 'Expanded',
    })
  })
  test('expands several levels deep, through lists and hashes', async () => {
    const price = await it.aPrice()
    const { subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    const full = await it.stripe.subscriptions.retrieve(subscription.id, {
      expand: ['latest_invoice.payments', 'customer', 'items.data.price.product'],
    })
    expect(expanded(full.latest_invoice).payments?.data).toMatchObject([{ status: 'paid' }])
    expect(expanded(full.customer)).toMatchObject({ object: 'customer' })
    expect(expanded(full.items.data[0]?.price.product)).toMatchObject({ object: 'product' })
    const invoice = await it.stripe.invoices.retrieve(idOf(full.latest_invoice), {
      expand: ['payments.data.payment.payment_intent'],
    })
    expect(expanded(invoice.payments?.data[0]?.payment.payment_intent)).toMatchObject({
      object: 'payment_intent',
      status: 'succeeded',
    })
  })
  test('refuses more than four levels, with `data` counted as a level (stripe-java #2011)', async () => {
    expect(await errorOf(it.stripe.invoices.list({ expand: ['data.payments.data.payment.charge'] }))).toMatchObject({
      statusCode: 400,
      message: expect.stringContaining('You cannot expand more than 4 levels of a property'),
    })
  })
  test('expands objects of a list with paths below data', async () => {
    const price = await it.aPrice()
    const { customer } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    const { data } = await it.stripe.invoices.list({
      customer,
      expand: ['data.parent.subscription_details.subscription'],
    })
    expect(expanded(data[0]?.parent?.subscription_details?.subscription)).toMatchObject({ object: 'subscription' })
  })
  test('includes subscriptions in a customer only on request', async () => {
    const price = await it.aPrice()
    const { customer, subscription } = await it.aSubscriber({ from: '2026-03-01T00:00:00Z', price: price.id })
    expect(await it.stripe.customers.retrieve(customer)).not.toHaveProperty('subscriptions')
    expect(await it.stripe.customers.retrieve(customer, { expand: ['subscriptions'] })).toMatchObject({
      subscriptions: { data: [{ id: subscription.id }] },
    })
  })
  test("refuses to expand a property that isn't expandable", async () => {
    const { id } = await it.aCustomer()
    expect(await errorOf(it.stripe.customers.retrieve(id, { expand: ['email'] }))).toMatchObject({
      statusCode: 400,
      message: 'This property cannot be expanded (email).',
    })
  })
})
