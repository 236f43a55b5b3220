import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

const aSent = () =>
  it.aSubscriber({
    from: '2026-04-01T00:00:00Z',
    card: null,
    price,
    params: { collection_method: 'send_invoice', days_until_due: 10 },
  })

describe('invoices that are sent (https://docs.stripe.com/billing/collection-method)', () => {
  test('the subscription is active at once, and the invoice is due after days_until_due', async () => {
    const { clock, customer, subscription } = await aSent()
    expect(subscription).toMatchObject({ status: 'active', collection_method: 'send_invoice', days_until_due: 10 })
    expect((await it.latestInvoice(customer)).status).toBe('draft')
    await it.advance(clock, '2026-04-01T02:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'open',
      due_date: at('2026-04-11T01:00:00Z'),
      attempt_count: 0,
      next_payment_attempt: null,
    })
  })
  test('the subscription is past due when the invoice is not paid in time, until it is paid', async () => {
    const { clock, customer, subscription } = await aSent()
    await it.advance(clock, '2026-04-11T00:59:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('active')
    await it.advance(clock, '2026-04-12T00:00:00Z')
    expect((await it.subscription(subscription.id)).status).toBe('past_due')
    expect((await it.latestInvoice(customer)).status).toBe('open')
    await it.stripe.invoices.pay((await it.latestInvoice(customer)).id, { paid_out_of_band: true })
    expect((await it.subscription(subscription.id)).status).toBe('active')
  })
  test('it renews while past due, and ends after the additional deadline that the settings have', async () => {
    const { clock, subscription } = await aSent()
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({ status: 'past_due' })
    expect(itemOf(await it.subscription(subscription.id)).current_period_end).toBe(at('2026-06-01T00:00:00Z'))
    await it.control('PUT', '/_/settings', { afterDueDays: 30 })
    await it.advance(clock, '2026-05-12T00:00:00Z')
    await it.control('PUT', '/_/settings', { afterDueDays: null })
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    })
  })
  test('a subscription can change to it, and the next invoice is sent', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.stripe.subscriptions.update(subscription.id, { collection_method: 'send_invoice', days_until_due: 5 })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.latestInvoice(customer)).toMatchObject({
      status: 'open',
      collection_method: 'send_invoice',
      due_date: at('2026-05-06T01:00:00Z'),
    })
  })
  test('the customer must have an email', async () => {
    const { id: customer } = await it.stripe.customers.create({})
    expect(
      await errorOf(
        it.stripe.subscriptions.create({ customer, items: [{ price }], collection_method: 'send_invoice' }),
      ),
    ).toMatchObject({ statusCode: 400, message: expect.stringMatching(/^Missing email\./) })
  })
})

describe('pause_collection (https://docs.stripe.com/billing/subscriptions/pause-payment)', () => {
  test.each([
    ['void', 'void'],
    ['mark_uncollectible', 'uncollectible'],
    ['keep_as_draft', 'draft'],
  ] as const)('%s makes the invoices of renewals %s, and the subscription stays active', async (behavior, status) => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.stripe.subscriptions.update(subscription.id, { pause_collection: { behavior } })
    await it.advance(clock, '2026-05-02T00:00:00Z')
    expect(await it.subscription(subscription.id)).toMatchObject({
      status: 'active',
      pause_collection: { behavior, resumes_at: null },
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ status, auto_advance: false, amount_paid: 0 })
    await it.stripe.subscriptions.update(subscription.id, { pause_collection: '' })
    await it.advance(clock, '2026-06-02T00:00:00Z')
    expect((await it.stripe.invoices.list({ customer })).data.map((invoice) => invoice.status)).toEqual([
      'paid',
      status,
      'paid',
    ])
  })
  test('the invoice of an update is not collected either', async () => {
    const { clock, customer, subscription, item } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: 'void' } })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity: 3 }],
      proration_behavior: 'always_invoice',
    })
    expect(await it.latestInvoice(customer)).toMatchObject({ status: 'void', total: 1000, amount_paid: 0 })
  })
  test('resumes_at must be in the future, and ends the pause', async () => {
    const { clock, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    const past = { behavior: 'void' as const, resumes_at: at('2026-03-01T00:00:00Z') }
    expect(await errorOf(it.stripe.subscriptions.update(subscription.id, { pause_collection: past }))).toMatchObject({
      param: 'pause_collection[resumes_at]',
    })
    await it.stripe.subscriptions.update(subscription.id, {
      pause_collection: { ...past, resumes_at: at('2026-04-10T00:00:00Z') },
    })
    await it.advance(clock, '2026-04-10T00:00:01Z')
    expect((await it.subscription(subscription.id)).pause_collection).toBeNull()
  })
})

describe('other fields that are changed by hand', () => {
  test('trial_end can be moved later, earlier and to now', async () => {
    const { subscription } = await it.aSubscriber({
      from: '2026-04-01T00:00:00Z',
      price,
      params: { trial_period_days: 14 },
    })
    for (const day of ['2026-04-25T00:00:00Z', '2026-04-05T00:00:00Z']) {
      const moved = await it.stripe.subscriptions.update(subscription.id, { trial_end: at(day) })
      expect(moved).toMatchObject({ status: 'trialing', trial_end: at(day), billing_cycle_anchor: at(day) })
      expect(itemOf(moved).current_period_end).toBe(at(day))
    }
    expect(await it.stripe.subscriptions.update(subscription.id, { trial_end: 'now' })).toMatchObject({
      status: 'active',
      trial_end: at('2026-04-01T00:00:00Z'),
    })
  })
  test('a trial given to an active subscription credits the unused time and moves the anchor', async () => {
    const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const free = await it.stripe.subscriptions.update(subscription.id, { trial_end: at('2026-05-20T00:00:00Z') })
    expect(free).toMatchObject({ status: 'trialing', billing_cycle_anchor: at('2026-05-20T00:00:00Z') })
    expect(await it.stripe.customers.retrieve(customer)).toMatchObject({ balance: -500 })
  })
  test('description, metadata and card are kept as given', async () => {
    const { customer, subscription } = await it.aSubscriber({ from: '2026-04-01T00:00:00Z', price })
    const card = await it.stripe.paymentMethods.attach('pm_card_mastercard', { customer })
    const changes = { description: 'By hand', metadata: { by: 'support' }, default_payment_method: card.id }
    expect(await it.stripe.subscriptions.update(subscription.id, changes)).toMatchObject(changes)
    expect(
      await it.stripe.subscriptions.update(subscription.id, { description: '', default_payment_method: '' }),
    ).toMatchObject({ description: null, default_payment_method: null, metadata: { by: 'support' } })
  })
})
