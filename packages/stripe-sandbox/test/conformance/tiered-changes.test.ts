import fc from 'fast-check'
import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, DAY, idOf, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

const START = at('2026-04-01T00:00:00Z')
const END = at('2026-05-01T00:00:00Z')
const amountsOf = (invoice: Stripe.Invoice): number[] => invoice.lines.data.map((line) => line.amount)

test('a member who joins in mid-period is credited and charged for the rest of the period in one line each', async () => {
  const { clock, customer, subscription, item } = await it.aTeam(3)
  await it.advance(clock, '2026-04-16T00:00:00Z')
  await it.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, quantity: 5 }],
    proration_behavior: 'always_invoice',
  })
  const invoice = await it.latestInvoice(customer)
  expect(invoice).toMatchObject({ total: 500, amount_paid: 500, billing_reason: 'subscription_update' })
  expect(invoice.lines.data.map((line) => [line.description, line.quantity, line.amount])).toEqual([
    ['Unused time on 3 × Team after 16 Apr 2026', 3, -1000],
    ['Remaining time on 5 × Team after 16 Apr 2026', 5, 1500],
  ])
  expect(invoice.lines.data.every((line) => line.parent?.subscription_item_details?.proration)).toBe(true)
})
test('a member within the included seats costs nothing', async () => {
  const { clock, customer, subscription, item } = await it.aTeam(1)
  await it.advance(clock, '2026-04-16T00:00:00Z')
  await it.stripe.subscriptionItems.update(item, { quantity: 3, proration_behavior: 'always_invoice' })
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([-1000, 1000])
  expect(itemOf(await it.subscription(subscription.id)).quantity).toBe(3)
})
test('with volume tiers, a member more can make all seats cheaper', async () => {
  const { clock, customer, item } = await it.aTeam(3, { tiers_mode: 'volume' })
  await it.advance(clock, '2026-04-16T00:00:00Z')
  await it.stripe.subscriptionItems.update(item, { quantity: 4, proration_behavior: 'always_invoice' })
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([-1000, 1000])
  await it.stripe.subscriptionItems.update(item, { quantity: 6, proration_behavior: 'always_invoice' })
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([-1000, 1500])
})
test('joins and leaves wait for the renewal with create_prorations, and its preview shows all of its lines', async () => {
  const { clock, customer, subscription, item } = await it.aTeam(3)
  await it.advance(clock, '2026-04-11T00:00:00Z')
  await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 6 }] })
  await it.advance(clock, '2026-04-21T00:00:00Z')
  await it.stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 5 }] })
  const preview = await it.stripe.invoices.createPreview({ subscription: subscription.id })
  expect(amountsOf(preview)).toEqual([-1333, 2333, -1167, 1000, 0, 2000, 1000])
  await it.advance(clock, '2026-05-01T02:00:00Z')
  const invoice = await it.latestInvoice(customer)
  expect(invoice).toMatchObject({
    billing_reason: 'subscription_cycle',
    total: preview.total,
    amount_paid: preview.total,
  })
  expect(amountsOf(invoice)).toEqual(amountsOf(preview))
  expect(invoice.lines.data.map((line) => line.description)).toEqual(preview.lines.data.map((line) => line.description))
})
test('without prorations, the new quantity counts from the renewal on', async () => {
  const { clock, customer, subscription, item } = await it.aTeam(3)
  await it.advance(clock, '2026-04-16T00:00:00Z')
  await it.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, quantity: 4 }],
    proration_behavior: 'none',
  })
  await it.advance(clock, '2026-05-01T02:00:00Z')
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([0, 2000, 500])
  expect(await it.totalsOf(customer)).toEqual([2000, 2500])
})
test('a change between a tiered price and one per unit credits and charges each for all units', async () => {
  const { clock, customer, item, price } = await it.aTeam(5)
  const perSeat = await it.aPrice({ amount: 800 })
  await it.advance(clock, '2026-04-16T00:00:00Z')
  const proration_behavior = 'always_invoice' as const
  await it.stripe.subscriptionItems.update(item, { price: perSeat.id, quantity: 5, proration_behavior })
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([-1500, 2000])
  await it.stripe.subscriptionItems.update(item, { price, quantity: 5, proration_behavior })
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([-2000, 1500])
})
test('a quantity of 0 still costs the flat amount of the first tier', async () => {
  const { clock, customer, item } = await it.aTeam(3)
  await it.advance(clock, '2026-04-16T00:00:00Z')
  await it.stripe.subscriptionItems.update(item, { quantity: 0, proration_behavior: 'always_invoice' })
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([-1000, 1000])
  await it.advance(clock, '2026-05-01T02:00:00Z')
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([0, 2000])
})
test('the first seat that costs something restarts the period of a subscription that was free', async () => {
  const price = await it.stripe.prices.create({
    currency: 'usd',
    recurring: { interval: 'month' },
    product_data: { name: 'Free team' },
    billing_scheme: 'tiered',
    tiers_mode: 'graduated',
    tiers: [
      { up_to: 2, unit_amount: 0 },
      { up_to: 'inf', unit_amount: 500 },
    ],
  })
  const { clock, customer, item, subscription } = await it.aSubscriber({
    from: '2026-04-01T00:00:00Z',
    price: price.id,
  })
  await it.advance(clock, '2026-04-16T00:00:00Z')
  await it.stripe.subscriptionItems.update(item, { quantity: 2, proration_behavior: 'none' })
  expect(itemOf(await it.subscription(subscription.id)).current_period_end).toBe(END)
  await it.stripe.subscriptionItems.update(item, { quantity: 3 })
  expect(itemOf(await it.subscription(subscription.id)).current_period_end).toBe(at('2026-05-16T00:00:00Z'))
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([0, 500])
})
test('a trial costs nothing, whatever the quantity, and then all tiers are charged', async () => {
  const { clock, customer, item } = await it.aTeam(3, { trial_period_days: 14 })
  expect((await it.latestInvoice(customer)).lines.data).toMatchObject([
    { amount: 0, description: 'Trial period for Team', quantity: 3 },
  ])
  await it.stripe.subscriptionItems.update(item, { quantity: 5 })
  await it.advance(clock, '2026-04-15T02:00:00Z')
  expect(await it.latestInvoice(customer)).toMatchObject({ total: 3000, amount_paid: 3000 })
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([0, 2000, 1000])
})
test("a schedule's next phase renews with its quantity", async () => {
  const { clock, customer, subscription, price } = await it.aTeam(3)
  const { id } = await it.stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const schedule = await it.stripe.subscriptionSchedules.update(id, {
    phases: [
      { items: [{ price, quantity: 3 }], start_date: START, end_date: END },
      { items: [{ price, quantity: 6 }], duration: { interval: 'month', interval_count: 1 } },
    ],
    expand: ['phases.items.price.tiers'],
  })
  expect(schedule.phases[1]?.items[0]?.price).toMatchObject({ tiers: [{}, {}] })
  await it.advance(clock, '2026-05-01T02:00:00Z')
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([0, 2000, 1500])
})
test('a period that a cancellation shortens costs its share of each line, and a canceled one is credited', async () => {
  const { customer } = await it.aTeam(5, { cancel_at: at('2026-04-16T00:00:00Z') })
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([0, 1000, 500])
  const team = await it.aTeam(5)
  await it.advance(team.clock, '2026-04-16T00:00:00Z')
  await it.stripe.subscriptions.cancel(team.subscription.id, { invoice_now: true, prorate: true })
  expect(amountsOf(await it.latestInvoice(team.customer))).toEqual([-1500])
})
test('the time up to a later anchor costs its share of each line', async () => {
  const { customer } = await it.aTeam(5, { billing_cycle_anchor: at('2026-04-16T00:00:00Z') })
  // 15 of the 31 days from 16 March on.
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([0, 968, 484])
})
test('next to another item and with an amount off, all lines of an item are credited together', async () => {
  const [seats, extra] = [await it.aTieredPrice(), await it.aPrice({ amount: 1000 })]
  const coupon = await it.stripe.coupons.create({ amount_off: 1000, currency: 'usd', duration: 'forever' })
  const { clock, customer, subscription } = await it.aSubscriber({
    from: '2026-04-01T00:00:00Z',
    price: seats.id,
    params: {
      items: [
        { price: extra.id, quantity: 2 },
        { price: seats.id, quantity: 5 },
      ],
      discounts: [{ coupon: coupon.id }],
    },
  })
  expect(await it.latestInvoice(customer)).toMatchObject({ subtotal: 5000, total: 4000 })
  await it.advance(clock, '2026-04-16T00:00:00Z')
  const [, item] = subscription.items.data
  await it.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item?.id, quantity: 3 }],
    proration_behavior: 'always_invoice',
  })
  // The seats cost 2400 of 4000, then 1500 of 3000.
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([-1200, 750])
})
test('a resumed subscription bills its tiers, and a later change credits all of them', async () => {
  const { clock, customer, subscription, item } = await it.aTeam(5)
  await it.stripe.subscriptions.pause(subscription.id, { bill_for: { unused_time_from: { type: 'none' } } })
  await it.advance(clock, '2026-05-11T00:00:00Z')
  await it.stripe.subscriptions.resume(subscription.id, {
    billing_cycle_anchor: { type: 'now' },
    payment_behavior: 'resume_on_payment_success',
  })
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([0, 2000, 1000])
  await it.advance(clock, '2026-05-26T12:00:00Z')
  await it.stripe.subscriptionItems.update(item, { quantity: 3, proration_behavior: 'always_invoice' })
  expect(amountsOf(await it.latestInvoice(customer))).toEqual([-1500, 1000])
})
test('a line can be credited by its quantity or, for a flat amount, as a whole', async () => {
  const { customer } = await it.aTeam(5)
  const invoice = await it.latestInvoice(customer)
  const [, flat, units] = invoice.lines.data
  const note = await it.stripe.creditNotes.create({
    invoice: invoice.id,
    credit_amount: 2500,
    lines: [
      { type: 'invoice_line_item', invoice_line_item: flat?.id },
      { type: 'invoice_line_item', invoice_line_item: units?.id, quantity: 1 },
    ],
  })
  expect(note.lines.data.map((line) => line.amount)).toEqual([2000, 500])
})

/** The cost of a month, counted seat by seat. */
function monthOf(quantity: number, mode: 'graduated' | 'volume'): number {
  if (mode === 'volume' && quantity > 3) return 500 * quantity
  let cost = 2000
  for (let seat = 4; seat <= quantity; seat += 1) cost += 500
  return cost
}

test.each(['graduated', 'volume'] as const)(
  'with %s tiers, any joins and leaves cost what their previews said, and what the seats cost for the time left',
  { timeout: 120_000 },
  async (tiers_mode) => {
    const changes = fc.array(
      fc.record({ seconds: fc.integer({ min: 60, max: 7 * DAY }), quantity: fc.integer({ min: 0, max: 9 }) }),
      { minLength: 1, maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 9 }), changes, async (first, life) => {
        const { clock, customer, subscription, item } = await it.aTeam(first, { tiers_mode })
        let [now, quantity] = [START, first]
        let paid = { amount: monthOf(first, tiers_mode), start: START }
        for (const change of life) {
          now += change.seconds
          await it.advance(clock, new Date(now * 1000).toISOString())
          if (change.quantity === quantity) continue
          quantity = change.quantity
          const terms = {
            items: [{ id: item, quantity }],
            proration_behavior: 'always_invoice' as const,
            proration_date: now,
          }
          const preview = await it.stripe.invoices.createPreview({
            subscription: subscription.id,
            subscription_details: terms,
          })
          const changed = await it.stripe.subscriptions.update(subscription.id, terms)
          const invoice = await it.stripe.invoices.retrieve(idOf(changed.latest_invoice))
          const charge = Math.round((monthOf(quantity, tiers_mode) * (END - now)) / (END - START))
          expect(amountsOf(invoice)).toEqual([-Math.round((paid.amount * (END - now)) / (END - paid.start)), charge])
          expect(amountsOf(preview)).toEqual(amountsOf(invoice))
          expect([preview.total, preview.amount_due, preview.ending_balance]).toEqual([
            invoice.total,
            invoice.amount_due,
            invoice.ending_balance,
          ])
          paid = { amount: charge, start: now }
        }
        const upcoming = await it.stripe.invoices.createPreview({ subscription: subscription.id })
        await it.advance(clock, '2026-05-01T02:00:00Z')
        const renewal = await it.latestInvoice(customer)
        expect(renewal).toMatchObject({ total: monthOf(quantity, tiers_mode), amount_due: upcoming.amount_due })
        expect(amountsOf(renewal)).toEqual(amountsOf(upcoming))
      }),
      { seed: 20261129, numRuns: 12 },
    )
  },
)
