import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 3000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

const FROM = '2026-04-01T00:00:00Z'

async function aSubscription(given: Parameters<TestSandbox['aSubscriber']>[0]) {
  const { clock, customer, subscription } = await it.aSubscriber(given)
  return { clock, customer, id: subscription.id }
}

/** A one-time price. */
async function aFee(unit_amount = 700): Promise<string> {
  return (await it.stripe.prices.create({ currency: 'usd', unit_amount, product_data: { name: 'Fee' } })).id
}

describe('invoice settings', () => {
  test('of a subscription are on its invoices, and change with an update', async () => {
    const { id: taxId } = await it.stripe.taxIds.create({ type: 'eu_vat', value: 'DE123456789' })
    const invoice_settings = {
      ...{ account_tax_ids: [taxId], custom_fields: [{ name: 'PO', value: '7' }], footer: 'Bye' },
    }
    const { clock, customer, id } = await aSubscription({ from: FROM, price, params: { invoice_settings } })
    const { invoice_settings: shown } = await it.stripe.subscriptions.retrieve(id, {
      expand: ['invoice_settings.account_tax_ids'],
    })
    expect(shown).toMatchObject({ ...invoice_settings, account_tax_ids: [{ id: taxId }], issuer: { type: 'self' } })
    expect(await it.latestInvoice(customer)).toMatchObject(invoice_settings)
    await it.stripe.subscriptions.update(id, { invoice_settings: { footer: 'Ciao', custom_fields: '' } })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({
      ...{ account_tax_ids: [taxId], custom_fields: null, footer: 'Ciao' },
    })
    const wrong = { invoice_settings: { account_tax_ids: ['txi_none'] } }
    expect(await errorOf(it.stripe.subscriptions.update(id, wrong))).toMatchObject({
      ...{ code: 'resource_missing', param: 'invoice_settings[account_tax_ids][0]' },
    })
  })
  test('of a phase replace those of its schedule', async () => {
    const clock = await it.aClock(FROM)
    const { id: customer } = await it.aCustomer({ clock: clock.id })
    const items = [{ price, quantity: 1 }]
    const schedule = await it.stripe.subscriptionSchedules.create({
      ...{ customer, start_date: 'now', default_settings: { invoice_settings: { footer: 'All' } } },
      phases: [
        { items, duration: { interval: 'month' }, invoice_settings: { description: 'First' } },
        { items, duration: { interval: 'month' } },
      ],
    })
    expect(schedule.phases[0]?.invoice_settings).toMatchObject({ description: 'First' })
    expect(await it.latestInvoice(customer)).toMatchObject({ description: 'First', footer: null })
    await it.advance(clock.id, '2026-05-01T02:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({ description: null, footer: 'All' })
  })
})

describe('added invoice items', () => {
  test('have the period of the items, or the one that they name, and may be without discounts', async () => {
    const fee = await aFee()
    const { id: coupon } = await it.stripe.coupons.create({ percent_off: 50, duration: 'forever' })
    const [from, until] = [at('2026-04-10T00:00:00Z'), at('2026-04-20T00:00:00Z')]
    const period = {
      start: { type: 'timestamp', timestamp: from },
      end: { type: 'timestamp', timestamp: until },
    } as const
    const add_invoice_items = [
      { price: fee, discountable: false },
      { price: await aFee(), period },
    ]
    const params = { add_invoice_items, discounts: [{ coupon }] }
    const { customer } = await it.aSubscriber({ from: FROM, price, params })
    const { lines, total } = await it.latestInvoice(customer)
    const fees = lines.data.filter((line) => line.amount === 700)
    expect(fees.map((line) => [line.discountable, line.period])).toEqual([
      [false, { start: at(FROM), end: at('2026-05-01T00:00:00Z') }],
      [true, { start: from, end: until }],
    ])
    expect(total).toBe(1500 + 700 + 350)
    const end = { type: 'timestamp' } as const
    const wrong = { add_invoice_items: [{ price: fee, period: { ...period, end } }] }
    expect(await errorOf(it.stripe.subscriptions.create({ customer, items: [{ price }], ...wrong }))).toMatchObject({
      param: 'add_invoice_items[0][period][end][timestamp]',
    })
  })
  test('of a phase are billed once, when it begins', async () => {
    const clock = await it.aClock(FROM)
    const { id: customer } = await it.aCustomer({ clock: clock.id })
    const items = [{ price, quantity: 1 }]
    const [setup, move] = [await aFee(100), await aFee(200)]
    const schedule = await it.stripe.subscriptionSchedules.create({
      ...{ customer, start_date: 'now' },
      phases: [
        { items, duration: { interval: 'month', interval_count: 2 }, add_invoice_items: [{ price: setup }] },
        { items, duration: { interval: 'month' }, add_invoice_items: [{ price: move, quantity: 2 }] },
      ],
    })
    expect(schedule.phases[1]?.add_invoice_items).toMatchObject([{ price: move, quantity: 2, discountable: true }])
    await it.advance(clock.id, '2026-06-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([3100, 3000, 3400])
  })
})

describe('pending items', () => {
  test('are billed at the interval that the subscription asks for', async () => {
    const params = { pending_invoice_item_interval: { interval: 'week' } } as const
    const { clock, customer, id } = await aSubscription({ from: FROM, price, params })
    const week = at('2026-04-08T00:00:00Z')
    expect(await it.subscription(id)).toMatchObject({
      pending_invoice_item_interval: { interval: 'week', interval_count: 1 },
      next_pending_invoice_item_invoice: week,
    })
    await it.stripe.invoiceItems.create({ customer, subscription: id, amount: 250, currency: 'usd' })
    await it.advance(clock, '2026-04-08T02:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({
      ...{ billing_reason: 'automatic_pending_invoice_item_invoice', status: 'paid', total: 250 },
    })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([3000, 250])
    expect((await it.subscription(id)).next_pending_invoice_item_invoice).toBe(week + 14 * 86_400)
    await it.stripe.subscriptions.update(id, { pending_invoice_item_interval: '' })
    expect((await it.subscription(id)).next_pending_invoice_item_invoice).toBeNull()
  })
})

test('a checkout page can ask for the interval of pending items', async () => {
  const subscription_data = { pending_invoice_item_interval: { interval: 'day' } } as const
  const session = await it.aCheckout({ line_items: [{ price, quantity: 1 }], subscription_data })
  await it.stripe.rawRequest('POST', `/v1/payment_pages/${session.id}/confirm`, { payment_method: 'pm_card_visa' })
  const { subscription } = await it.stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
  expect(subscription).toMatchObject({ pending_invoice_item_interval: { interval: 'day', interval_count: 1 } })
})

describe('the end of a trial', () => {
  test.each([
    { anchor: 'now', expected: '2026-04-04T00:00:00Z', total: 3000 },
    { anchor: 'unchanged', expected: '2026-04-16T00:00:00Z', total: 1200 },
  ] as const)('leaves the anchor $anchor', async ({ anchor: billing_cycle_anchor, expected, total }) => {
    const trial_settings = { end_behavior: { billing_cycle_anchor, missing_payment_method: 'create_invoice' } } as const
    const params = { trial_end: at('2026-04-16T00:00:00Z'), trial_settings }
    const { clock, customer, id } = await aSubscription({ from: FROM, price, params })
    expect((await it.subscription(id)).trial_settings).toEqual(trial_settings)
    await it.advance(clock, '2026-04-04T00:00:00Z')
    await it.stripe.subscriptions.update(id, { trial_end: 'now' })
    expect((await it.subscription(id)).billing_cycle_anchor).toBe(at(expected))
    // Twelve of the thirty-one days from 16 March to 16 April.
    expect((await it.latestInvoice(customer)).total).toBe(total === 3000 ? 3000 : Math.round((3000 * 12) / 31))
  })
  test('an update can ask for the trial of its price', async () => {
    const trial = await it.stripe.prices.create({
      ...{ currency: 'usd', unit_amount: 900, product_data: { name: 'Trial' } },
      recurring: { interval: 'month', trial_period_days: 10 },
    })
    const { id } = await aSubscription({ from: FROM, price })
    const { items } = await it.subscription(id)
    const updated = await it.stripe.subscriptions.update(id, {
      ...{ items: [{ id: items.data[0]?.id ?? '', price: trial.id }], trial_from_plan: true },
    })
    expect(updated).toMatchObject({ status: 'trialing', trial_end: at(FROM) + 10 * 86_400 })
    expect(
      await errorOf(it.stripe.subscriptions.update(id, { trial_from_plan: true, trial_end: 'now' })),
    ).toMatchObject({
      ...{ code: 'parameters_exclusive', param: 'trial_from_plan' },
    })
  })
})

test('items keep their billing thresholds until they are removed', async () => {
  const items = [{ price, billing_thresholds: { usage_gte: 10 } }]
  const { id } = await aSubscription({ from: FROM, price, params: { items } })
  const item = (await it.subscription(id)).items.data[0]
  expect(item?.billing_thresholds).toEqual({ usage_gte: 10 })
  const itemId = item?.id ?? ''
  await it.stripe.subscriptions.update(id, { items: [{ id: itemId, quantity: 2 }] })
  expect(await it.stripe.subscriptionItems.retrieve(itemId)).toMatchObject({
    ...{ quantity: 2, billing_thresholds: { usage_gte: 10 } },
  })
  const cleared = await it.stripe.subscriptionItems.update(itemId, { billing_thresholds: '' })
  expect(cleared.billing_thresholds).toBeNull()
  const offer = it.stripe.subscriptionItems.update(itemId, { current_trial: { trial_offer: 'to_1' } })
  expect(await errorOf(offer)).toMatchObject({ code: 'resource_missing', param: 'current_trial[trial_offer]' })
})

test('a schedule can be in classic billing mode, and ends in one of two ways', async () => {
  const { id: customer } = await it.aCustomer()
  const phases = [{ items: [{ price }] }]
  const schedule = await it.stripe.subscriptionSchedules.create({
    ...{ customer, start_date: 'now', billing_mode: { type: 'classic' }, phases },
    expand: ['subscription'],
  })
  expect(schedule).toMatchObject({
    ...{ billing_mode: { type: 'classic' }, subscription: { billing_mode: { type: 'classic' } } },
  })
  expect(
    await errorOf(
      it.stripe.rawRequest('POST', '/v1/subscription_schedules', {
        ...{ customer, start_date: 'now', end_behavior: 'renew', phases },
      }),
    ),
  ).toMatchObject({ param: 'end_behavior', message: 'Invalid end_behavior: must be one of cancel, or release' })
})

test('a subscription migrates to flexible billing, and stays there (https://docs.stripe.com/api/subscriptions/migrate)', async () => {
  const { id: price } = await it.aPrice()
  const { subscription } = await it.aSubscriber({
    ...{ from: '2026-04-01T00:00:00Z', price, params: { billing_mode: { type: 'classic' } } },
  })
  const migrate = async (flexible?: { proration_discounts: 'itemized' }) =>
    it.stripe.subscriptions.migrate(subscription.id, {
      billing_mode: { type: 'flexible', ...(flexible && { flexible }) },
    })
  expect((await migrate()).billing_mode).toEqual({
    ...{ type: 'flexible', flexible: { proration_discounts: 'included' }, updated_at: at('2026-04-01T00:00:00Z') },
  })
  expect(await errorOf(migrate())).toMatchObject({ statusCode: 400, param: 'billing_mode' })
  expect((await migrate({ proration_discounts: 'itemized' })).billing_mode.flexible).toEqual({
    proration_discounts: 'itemized',
  })
})
