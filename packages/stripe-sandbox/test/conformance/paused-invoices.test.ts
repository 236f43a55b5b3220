import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, errorOf, idOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let price: string
beforeAll(async () => {
  it = await TestSandbox.start()
  price = (await it.aPrice({ amount: 1000 })).id
})
afterAll(() => it[Symbol.asyncDispose]())

const UNBILLED = { bill_for: { unused_time_from: { type: 'none' } } } as const
const from = '2026-04-01T00:00:00Z'
const timestamp = (iso: string) => ({ type: 'timestamp' as const, timestamp: at(iso) })

test('a resumption that is paid later bills no time of the pause', async () => {
  const { clock, customer, subscription } = await it.aSubscriber({ from, price })
  await it.stripe.subscriptions.pause(subscription.id, UNBILLED)
  await it.advance(clock, '2026-05-31T00:00:00Z')
  await it.advance(clock, '2026-07-10T00:00:00Z')
  await it.failCharges(customer, true)
  await it.stripe.subscriptions.resume(subscription.id, { payment_behavior: 'resume_on_payment_success' })
  expect(await it.subscription(subscription.id)).toMatchObject({ status: 'paused' })
  await it.failCharges(customer, false)
  const { id } = await it.latestInvoice(customer)
  expect(await it.eventsOf(() => it.stripe.invoices.pay(id))).toContain('customer.subscription.resumed')
  await it.advance(clock, '2026-07-11T00:00:00Z')
  const resumed = await it.subscription(subscription.id)
  expect(resumed).toMatchObject({ status: 'active', billing_cycle_anchor: at('2026-07-10T00:00:00Z') })
  expect(itemOf(resumed)).toMatchObject({ current_period_end: at('2026-08-10T00:00:00Z') })
  expect(await it.totalsOf(customer)).toEqual([1000, 1000])
})

test('paying an earlier invoice does not resume a paused subscription', async () => {
  const { clock, customer, subscription } = await it.aSubscriber({ from, price })
  await it.failCharges(customer, true)
  await it.advance(clock, '2026-05-02T00:00:00Z')
  await it.stripe.subscriptions.pause(subscription.id)
  await it.failCharges(customer, false)
  await it.stripe.invoices.pay((await it.latestInvoice(customer)).id)
  expect(await it.subscription(subscription.id)).toMatchObject({ status: 'paused' })
})

test('a scheduled resumption without a card is an error and leaves no invoice', async () => {
  const { clock, customer, subscription } = await it.aSubscriber({ from, price })
  const resume = { resume_at: timestamp('2026-04-20T00:00:00Z') }
  const pause = { pause_at: { type: 'now' }, settings: UNBILLED } as const
  const { id } = await it.stripe.subscriptionSchedules.create({
    ...{ from_subscription: subscription.id, pause_schedules: [{ pause, resume }] },
  })
  for (const method of (await it.stripe.customers.listPaymentMethods(customer)).data)
    await it.stripe.paymentMethods.detach(method.id)
  await it.advance(clock, '2026-04-21T00:00:00Z')
  const { pause_schedules } = await it.stripe.subscriptionSchedules.retrieve(id)
  expect(pause_schedules).toMatchObject([{ resume: { status: { type: 'error' } } }])
  expect(await it.totalsOf(customer)).toEqual([1000])
})

test('a preview of a scheduled resumption has the balance that its invoice has', async () => {
  const { clock, customer, subscription } = await it.aSubscriber({ from, price })
  const resume = { resume_at: timestamp('2026-04-20T00:00:00Z') }
  const pause = { pause_at: { type: 'now' }, settings: UNBILLED } as const
  await it.stripe.subscriptionSchedules.create({
    ...{ from_subscription: subscription.id, pause_schedules: [{ pause, resume }] },
  })
  await it.stripe.customers.update(customer, { balance: -300 })
  const amounts = { total: 1000, amount_due: 700, starting_balance: -300, ending_balance: 0 }
  expect(await it.stripe.invoices.createPreview({ subscription: subscription.id })).toMatchObject(amounts)
  await it.advance(clock, '2026-04-20T00:00:00Z')
  expect(await it.latestInvoice(customer)).toMatchObject({ ...amounts, status: 'paid' })
})

test('a phase with another interval bills nothing during a pause', async () => {
  const { id: yearly } = await it.aPrice({ amount: 9000, interval: 'year' })
  const { clock, customer, subscription } = await it.aSubscriber({ from, price })
  const { id } = await it.stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const pause = { pause_at: timestamp('2026-04-20T00:00:00Z'), settings: UNBILLED }
  await it.stripe.subscriptionSchedules.update(id, {
    phases: [
      { start_date: at(from), end_date: at('2026-04-25T00:00:00Z'), items: [{ price }] },
      { end_date: at('2027-12-01T00:00:00Z'), items: [{ price: yearly }] },
    ],
    pause_schedules: [{ pause, resume: { resume_at: timestamp('2026-06-01T00:00:00Z') } }],
  })
  await it.advance(clock, '2026-05-20T00:00:00Z')
  const paused = await it.subscription(subscription.id)
  expect([paused.status, itemOf(paused).price.id]).toEqual(['paused', yearly])
  expect(await it.totalsOf(customer)).toEqual([1000])
  await it.advance(clock, '2026-06-02T00:00:00Z')
  expect(itemOf(await it.subscription(subscription.id))).toMatchObject({
    current_period_end: at('2027-06-01T00:00:00Z'),
  })
  expect(await it.totalsOf(customer)).toEqual([1000, 9000])
})

test('a pause that is scheduled before the start begins with the subscription', async () => {
  const { id: clock } = await it.aClock(from)
  const { id: customer } = await it.aCustomer({ clock })
  const { id } = await it.stripe.subscriptionSchedules.create({
    ...{ customer, start_date: at('2026-04-20T00:00:00Z') },
    phases: [{ items: [{ price }], duration: { interval: 'month', interval_count: 6 } }],
    pause_schedules: [{ pause: { pause_at: timestamp('2026-04-10T00:00:00Z') } }],
  })
  await it.advance(clock, '2026-04-21T00:00:00Z')
  const { subscription } = await it.stripe.subscriptionSchedules.retrieve(id)
  expect(await it.subscription(idOf(subscription))).toMatchObject({
    ...{ status: 'paused', status_details: { paused: { transitioned_at: at('2026-04-20T00:00:00Z') } } },
  })
})

test('taxes are not calculated for less than nothing', async () => {
  const address = { address: { country: 'DE' }, address_source: 'billing' } as const
  const calculation = it.stripe.tax.calculations.create({
    ...{ currency: 'jpy', customer_details: address, line_items: [{ amount: -200 }] },
  })
  expect(await errorOf(calculation)).toMatchObject({ param: 'line_items[0][amount]' })
})
