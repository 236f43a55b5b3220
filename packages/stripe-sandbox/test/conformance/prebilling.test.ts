import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, errorOf, itemOf, TestSandbox, untyped } from '../test-sandbox.ts'

// https://docs.stripe.com/billing/subscriptions/prebilling
let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

const [APRIL, MAY, JUNE, JULY] = ['04', '05', '06', '07'].map((month) => at(`2026-${month}-01T00:00:00Z`))
const months = (interval_count: number) => ({
  bill_until: { type: 'duration' as const, duration: { interval: 'month' as const, interval_count } },
})
const until = (iso: string) => ({ bill_until: { type: 'timestamp' as const, timestamp: at(iso) } })

/** A subscriber to $10 a month from 1 April, by default billed until 1 July at once. */
async function aPrebilled(params: Partial<Stripe.SubscriptionCreateParams> = {}) {
  const { id: price } = await it.aPrice({ name: 'Basic' })
  return it.aSubscriber({
    from: '2026-04-01T00:00:00Z',
    price,
    params: { billing_schedules: [months(3)], proration_behavior: 'always_invoice', ...params },
  })
}
const linesOf = ({ lines }: Stripe.Invoice) =>
  lines.data.map(({ amount, period }) => [amount, period.start, period.end])

describe('a new subscription', () => {
  test('is billed for three months at once, and renews as usual after them', async () => {
    const { clock, customer, subscription } = await aPrebilled()
    expect(linesOf(await it.latestInvoice(customer))).toEqual([
      [1000, APRIL, MAY],
      [1000, MAY, JUNE],
      [1000, JUNE, JULY],
    ])
    const next = await it.stripe.invoices.createPreview({ subscription: subscription.id })
    expect(linesOf(next)).toEqual([[1000, JULY, at('2026-08-01T00:00:00Z')]])
    expect(itemOf(subscription)).toMatchObject({ billed_until: JULY, current_period_end: MAY })
    expect(subscription.billing_schedules).toEqual([
      {
        key: expect.any(String),
        applies_to: null,
        bill_until: {
          computed_timestamp: JULY,
          duration: { interval: 'month', interval_count: 3 },
          timestamp: null,
          type: 'duration',
        },
      },
    ])
    await it.advance(clock, '2026-06-02T00:00:00Z')
    expect(itemOf(await it.subscription(subscription.id))).toMatchObject({
      billed_until: JULY,
      current_period_start: JUNE,
    })
    expect(await it.totalsOf(customer)).toEqual([3000])
    await it.advance(clock, '2026-07-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([3000, 1000])
    expect(itemOf(await it.subscription(subscription.id))).not.toHaveProperty('billed_until')
  })
  test('is billed in advance with the next renewal unless it is asked for at once', async () => {
    const { clock, customer, subscription } = await aPrebilled({ proration_behavior: 'create_prorations' })
    expect(itemOf(subscription)).toMatchObject({ billed_until: JULY })
    expect(await it.totalsOf(customer)).toEqual([1000])
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(linesOf(await it.latestInvoice(customer))).toEqual([
      [1000, MAY, JUNE],
      [1000, JUNE, JULY],
    ])
    await it.advance(clock, '2026-07-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1000, 2000, 1000])
  })
  test('is billed for 45 days, and with its renewal for the rest of the second month', async () => {
    const { clock, customer } = await aPrebilled({ billing_schedules: [until('2026-05-16T00:00:00Z')] })
    const middle = at('2026-05-16T00:00:00Z')
    expect(linesOf(await it.latestInvoice(customer))).toEqual([
      [1000, APRIL, MAY],
      [484, MAY, middle],
    ])
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(linesOf(await it.latestInvoice(customer))).toEqual([[516, middle, JUNE]])
  })
  test('is billed for the rest of a month only until it is canceled', async () => {
    const { clock, customer } = await aPrebilled({
      billing_schedules: [until('2026-05-16T00:00:00Z')],
      cancel_at: at('2026-05-21T00:00:00Z'),
    })
    await it.advance(clock, '2026-05-21T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([1484, 161])
  })
  test('is billed in advance for the items that the schedule names', async () => {
    const [plan, extra] = [await it.aPrice({ name: 'Basic' }), await it.aPrice({ amount: 500, name: 'Extra' })]
    const { clock, customer, subscription } = await aPrebilled({
      items: [{ price: plan.id }, { price: extra.id }],
      billing_schedules: [{ key: 'extra', applies_to: [{ type: 'price', price: extra.id }], ...months(2) }],
      cancel_at: 'max_billed_until',
    })
    expect(subscription).toMatchObject({ cancel_at: JUNE, billing_schedules: [{ key: 'extra' }] })
    expect(await it.totalsOf(customer)).toEqual([2000])
    await it.advance(clock, '2026-05-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([2000, 1000])
    const { billing_schedules } = await it.stripe.subscriptions.retrieve(subscription.id, {
      expand: ['billing_schedules.applies_to.price'],
    })
    expect(billing_schedules[0]?.applies_to?.[0]?.price).toMatchObject({ object: 'price', id: extra.id })
  })
  test('is billed for the time after its trial', async () => {
    const { clock, customer, subscription } = await aPrebilled({
      billing_schedules: [until('2026-07-01T00:00:00Z')],
      trial_end: MAY ?? 0,
    })
    expect(subscription.status).toBe('trialing')
    expect(await it.totalsOf(customer)).toEqual([2000])
    await it.advance(clock, '2026-06-01T02:00:00Z')
    await it.advance(clock, '2026-07-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([2000, 1000])
  })
})

describe('a subscription that runs', () => {
  test('is billed in advance by an update, which its preview shows', async () => {
    const { customer, subscription } = await it.aSubscriberInApril(1000)
    const terms = { billing_schedules: [months(3)], proration_behavior: 'always_invoice' as const }
    const preview = await it.stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: terms,
    })
    expect(linesOf(preview)).toEqual([
      [1000, MAY, JUNE],
      [1000, JUNE, JULY],
    ])
    const updated = await it.stripe.subscriptions.update(subscription.id, terms)
    expect(itemOf(updated)).toMatchObject({ billed_until: JULY })
    expect(await it.latestInvoice(customer)).toMatchObject({
      billing_reason: 'subscription_update',
      status: 'paid',
      total: 2000,
    })
    const { key = '' } = updated.billing_schedules[0] ?? {}
    const kept = await it.stripe.subscriptions.update(subscription.id, { billing_schedules: [{ key }] })
    expect(kept.billing_schedules).toEqual(updated.billing_schedules)
    const cleared = await it.stripe.subscriptions.update(subscription.id, { billing_schedules: '' })
    expect(cleared.billing_schedules).toEqual([])
    expect(itemOf(cleared)).toMatchObject({ billed_until: JULY })
    expect(await it.totalsOf(customer)).toEqual([1000, 2000])
  })
  test('can end with what is prebilled, and takes no coupon that prebilling excludes', async () => {
    const { subscription } = await it.aSubscriberInApril(1000)
    const terms = { billing_schedules: [months(3)], cancel_at: 'max_billed_until' as const }
    const preview = it.stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { ...terms, proration_behavior: 'always_invoice' },
    })
    expect((await preview).total).toBe(2000)
    const { cancel_at } = await it.stripe.subscriptions.update(subscription.id, terms)
    expect(cancel_at).toBe(JULY)
    const { id: coupon } = await it.stripe.coupons.create({ amount_off: 100, currency: 'usd', duration: 'forever' })
    const discounted = it.stripe.subscriptions.update(subscription.id, { discounts: [{ coupon }] })
    expect(await errorOf(discounted)).toMatchObject({ statusCode: 400, param: 'discounts' })
    const late = it.stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: { billing_schedules: [months(5)] },
    })
    expect(await errorOf(late)).toMatchObject({ param: 'subscription_details[billing_schedules][0][bill_until]' })
  })
  test('pays the difference for all months when its plan changes', async () => {
    const { clock, customer, subscription, item } = await aPrebilled()
    const dearer = await it.aPrice({ amount: 2000 })
    await it.advance(clock, '2026-04-16T00:00:00Z')
    const changed = await it.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, price: dearer.id }],
      proration_behavior: 'always_invoice',
    })
    const invoice = await it.latestInvoice(customer)
    expect(invoice.lines.data.map(({ amount }) => amount)).toEqual([-500, -1000, -1000, 1000, 2000, 2000])
    expect(itemOf(changed)).toMatchObject({ billed_until: JULY, price: { id: dearer.id } })
    await it.advance(clock, '2026-06-01T02:00:00Z')
    await it.advance(clock, '2026-07-01T02:00:00Z')
    expect(await it.totalsOf(customer)).toEqual([3000, 2500, 2000])
  })
  test('gives credit for all months that are left when it is canceled', async () => {
    const { clock, customer, subscription } = await aPrebilled()
    await it.advance(clock, '2026-04-16T00:00:00Z')
    await it.stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true })
    expect((await it.latestInvoice(customer)).total).toBe(-2500)
  })
})

describe('what Stripe does not bill in advance is refused:', () => {
  const cases: [string, () => Promise<Partial<Stripe.SubscriptionCreateParams>>, string][] = [
    ['classic billing', async () => ({ billing_mode: { type: 'classic' } }), 'billing_schedules'],
    ['no prorations', async () => ({ proration_behavior: 'none' }), 'billing_schedules'],
    [
      'an amount off',
      async () => {
        const { id: coupon } = await it.stripe.coupons.create({ amount_off: 100, currency: 'usd', duration: 'once' })
        return { discounts: [{ coupon }] }
      },
      'billing_schedules',
    ],
    [
      'a repeating coupon',
      async () => {
        const duration = { duration: 'repeating', duration_in_months: 3 } as const
        const { id: coupon } = await it.stripe.coupons.create({ percent_off: 10, ...duration })
        return { discounts: [{ coupon }] }
      },
      'billing_schedules',
    ],
    [
      'less than a period',
      async () => ({ billing_schedules: [until('2026-04-20T00:00:00Z')] }),
      'billing_schedules[0][bill_until]',
    ],
    ['more than five years', async () => ({ billing_schedules: [months(61)] }), 'billing_schedules[0][bill_until]'],
    ['more than 50 periods', async () => ({ billing_schedules: [months(51)] }), 'billing_schedules'],
    ['time after its end', async () => ({ cancel_at_period_end: true }), 'billing_schedules[0][bill_until]'],
    [
      'another price',
      async () => {
        const { id: price } = await it.aPrice()
        return { billing_schedules: [{ applies_to: [{ type: 'price', price }], ...months(2) }] }
      },
      'billing_schedules[0][applies_to][0][price]',
    ],
    [
      'a key twice',
      async () => ({
        billing_schedules: [
          { key: 'one', ...months(2) },
          { key: 'one', ...months(3) },
        ],
      }),
      'billing_schedules[1][key]',
    ],
    [
      'a schedule without an end',
      async () => ({ billing_schedules: [untyped({ key: 'x' })] }),
      'billing_schedules[0][bill_until]',
    ],
  ]
  test.each(cases)('%s', async (_name, params, param) => {
    expect(await errorOf(aPrebilled(await params()))).toMatchObject({ statusCode: 400, param })
  })
  test('a subscription with a schedule, and a schedule of a prebilled subscription', async () => {
    const { subscription } = await it.aSubscriberInApril(1000)
    await it.stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    const refused = await errorOf(it.stripe.subscriptions.update(subscription.id, { billing_schedules: [months(3)] }))
    expect(refused).toMatchObject({ param: 'billing_schedules' })
    const { subscription: prebilled } = await aPrebilled()
    const schedule = it.stripe.subscriptionSchedules.create({ from_subscription: prebilled.id })
    expect(await errorOf(schedule)).toMatchObject({ param: 'from_subscription' })
  })
})
