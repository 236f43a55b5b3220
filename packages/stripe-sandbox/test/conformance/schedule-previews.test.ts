import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, expanded, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
let stripe: Stripe
beforeAll(async () => {
  it = await TestSandbox.start()
  stripe = it.stripe
})
afterAll(() => it[Symbol.asyncDispose]())

type Phase = Stripe.InvoiceCreatePreviewParams.ScheduleDetails.Phase

const amountsOf = ({ lines }: Stripe.Invoice): number[] => lines.data.map(({ amount }) => amount)

async function aCustomerOn(iso: string, card: string | null = 'pm_card_visa') {
  const { id: clock } = await it.aClock(iso)
  const { id: customer } = await it.aCustomer({ clock, card })
  return { clock, customer }
}

/** A subscriber to $10 a month from 1 April, whose schedule changes to $30 on 1 May. */
async function aPlannedChange() {
  const dearer = await it.aPrice({ amount: 3000, name: 'Plus' })
  const { clock, customer, subscription } = await it.aSubscriberInApril(1000)
  const { id: schedule, phases } = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const [present] = phases
  const first = {
    start_date: present?.start_date ?? 0,
    end_date: present?.end_date ?? 0,
    items: [{ price: idOfPrice(present), quantity: 1 }],
  }
  await stripe.subscriptionSchedules.update(schedule, {
    phases: [first, { items: [{ price: dearer.id }], duration: { interval: 'month' } }],
  })
  return { clock, customer, subscription: subscription.id, schedule, first }
}

function idOfPrice(phase: Stripe.SubscriptionSchedule.Phase | undefined): string {
  const price = phase?.items[0]?.price
  return typeof price === 'string' ? price : ''
}

describe('previews of schedules (https://docs.stripe.com/api/invoices/create_preview)', () => {
  test('the next invoice is that of the next phase', async () => {
    const { clock, customer, schedule, subscription } = await aPlannedChange()
    expect(amountsOf(await stripe.invoices.createPreview({ schedule }))).toEqual([3000])
    expect(amountsOf(await stripe.invoices.createPreview({ subscription }))).toEqual([3000])
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1000, 3000])
  })
  test('a change of phases costs what its preview says, and the preview changes nothing', async () => {
    const { clock, customer, schedule, first } = await aPlannedChange()
    const best = await it.aPrice({ amount: 5000, name: 'Best' })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const phases = [{ ...first, items: [{ price: best.id, quantity: 1 }] }]
    const preview = await stripe.invoices.createPreview({
      schedule,
      schedule_details: { phases, proration_behavior: 'always_invoice' },
    })
    expect(preview).toMatchObject({ status: 'draft', total: 2000, amount_paid: 0, attempted: false })
    expect(amountsOf(preview)).toEqual([-500, 2500])
    expect(await it.totalsOf(customer)).toEqual([1000])
    await stripe.subscriptionSchedules.update(schedule, { phases, proration_behavior: 'always_invoice' })
    expect(await it.totalsOf(customer)).toEqual([1000, 2000])
  })
  test('a new schedule is previewed without a card and without being created', async () => {
    const { id: price } = await it.aPrice({ amount: 1200 })
    const { customer } = await aCustomerOn('2026-04-01T00:00:00Z', null)
    const phase: Phase = { start_date: 'now', items: [{ price, quantity: 2 }] }
    const preview = await stripe.invoices.createPreview({ customer, schedule_details: { phases: [phase] } })
    expect(preview).toMatchObject({
      status: 'draft',
      total: 2400,
      amount_due: 2400,
      billing_reason: 'subscription_create',
    })
    const later = { ...phase, start_date: at('2026-06-01T00:00:00Z') }
    const planned = await stripe.invoices.createPreview({ customer, schedule_details: { phases: [later] } })
    expect(planned.lines.data[0]?.period.start).toBe(at('2026-06-01T00:00:00Z'))
    expect((await stripe.subscriptionSchedules.list({ customer })).data).toEqual([])
    expect((await stripe.invoices.list({ customer })).data).toEqual([])
  })
  test('a schedule that has not started shows its first invoice', async () => {
    const { id: price } = await it.aPrice({ amount: 1200 })
    const { customer } = await aCustomerOn('2026-04-01T00:00:00Z')
    const { id: schedule } = await stripe.subscriptionSchedules.create({
      customer,
      start_date: at('2026-06-01T00:00:00Z'),
      phases: [{ items: [{ price }], duration: { interval: 'month' } }],
    })
    expect((await stripe.invoices.createPreview({ schedule })).total).toBe(1200)
  })
  test('exclude a subscription, and need a customer and a start', async () => {
    const { customer, subscription } = await aPlannedChange()
    const details = { phases: [{ items: [{ price: 'price_none' }] }] }
    expect(
      await errorOf(stripe.invoices.createPreview({ customer, subscription, schedule_details: details })),
    ).toMatchObject({ code: 'parameters_exclusive' })
    expect(await errorOf(stripe.invoices.createPreview({ customer, schedule_details: details }))).toMatchObject({
      param: 'schedule_details[phases][0][start_date]',
    })
  })
})

describe('automatic tax in schedules (https://docs.stripe.com/tax/subscriptions)', () => {
  test('counts from the phase on that turns it on', async () => {
    const { id: price } = await it.aPrice({ amount: 1000 })
    const { clock, customer } = await aCustomerOn('2026-04-01T00:00:00Z')
    await stripe.customers.update(customer, { address: { country: 'US', postal_code: '10001' } })
    const items = [{ price }]
    const month = { interval: 'month', interval_count: 1 } as const
    const phases = [
      { items, duration: month },
      { items, duration: month, automatic_tax: { enabled: true } },
    ]
    const schedule = await stripe.subscriptionSchedules.create({ customer, start_date: 'now', phases })
    expect(schedule.phases[1]?.automatic_tax).toEqual({
      disabled_reason: null,
      enabled: true,
      liability: { type: 'self' },
    })
    await it.advance(clock, '2026-05-01T02:00:00Z')
    // 4 % in New York.
    expect(await it.totalsOf(customer)).toEqual([1000, 1040])
    const { subscription } = await stripe.subscriptionSchedules.retrieve(schedule.id, { expand: ['subscription'] })
    expect(expanded(subscription).automatic_tax.enabled).toBe(true)
  })
  test('default settings hold for all phases, and a subscription keeps it for its schedule', async () => {
    const { id: price } = await it.aPrice({ amount: 1000 })
    const { customer } = await aCustomerOn('2026-04-01T00:00:00Z')
    await stripe.customers.update(customer, { address: { country: 'US', postal_code: '10001' } })
    const { subscription, default_settings } = await stripe.subscriptionSchedules.create({
      customer,
      start_date: 'now',
      default_settings: { automatic_tax: { enabled: true } },
      phases: [{ items: [{ price }], duration: { interval: 'month' } }],
      expand: ['subscription'],
    })
    expect(default_settings.automatic_tax?.enabled).toBe(true)
    expect(await it.totalsOf(customer)).toEqual([1040])
    const { id } = expanded(subscription)
    await stripe.subscriptionSchedules.release(idOfSchedule(await it.subscription(id)))
    const from = await stripe.subscriptionSchedules.create({ from_subscription: id })
    expect(from.phases[0]?.automatic_tax?.enabled).toBe(true)
    expect(from.default_settings.automatic_tax?.enabled).toBe(true)
  })
  test('needs to know where the customer is, and excludes tax rates', async () => {
    const { id: price } = await it.aPrice()
    const { customer } = await aCustomerOn('2026-04-01T00:00:00Z')
    const create = (phase: object, address?: object) =>
      stripe.customers.update(customer, address ? { address } : {}).then(async () =>
        stripe.subscriptionSchedules.create({
          customer,
          start_date: 'now',
          phases: [{ items: [{ price }], automatic_tax: { enabled: true }, ...phase }],
        }),
      )
    expect(await errorOf(create({}))).toMatchObject({ code: 'customer_tax_location_invalid' })
    const rate = await stripe.taxRates.create({ display_name: 'VAT', percentage: 20, inclusive: false })
    const both = create({ default_tax_rates: [rate.id] }, { country: 'US', postal_code: '10001' })
    expect(await errorOf(both)).toMatchObject({ param: 'phases[0][default_tax_rates]' })
  })
})

function idOfSchedule({ schedule }: Stripe.Subscription): string {
  return typeof schedule === 'string' ? schedule : ''
}
