import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, DAY, itemOf, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

// The expected amounts are computed independently of the sandbox's code. The anchor's day exists in every month, so a
// period is simply a calendar month.
const START = at('2026-01-15T09:00:00Z')
const monthStart = (n: number): number => Date.UTC(2026, n, 15, 9) / 1000

/** The cost of using a price from one time to another: every second costs its month's rate. */
function worth(amount: number, from: number, to: number): number {
  let sum = 0
  for (let n = 0; monthStart(n) < to; n += 1) {
    const [start, end] = [monthStart(n), monthStart(n + 1)]
    const used = Math.min(to, end) - Math.max(from, start)
    if (used > 0) sum += (amount * used) / (end - start)
  }
  return sum
}

const steps = fc.array(
  fc.record({
    seconds: fc.integer({ min: 3600, max: 45 * DAY }),
    plan: fc.integer({ min: 0, max: 5 }),
    quantity: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 5 },
)

test.each(['flexible', 'classic'] as const)(
  'in %s billing mode, any series of changes bills time used × current price, within a cent per proration line',
  { timeout: 120_000 }, // Thousands of calls take a while on a busy machine.
  async (mode) => {
    const amounts = [700, 1999, 4999, 12_345]
    const prices = [
      ...(await Promise.all(amounts.map((amount) => it.aPrice({ amount })))),
      await it.aTieredPrice({ base: 2999 }),
      await it.aTieredPrice({ base: 2999, tiers_mode: 'volume' }),
    ].map(({ id }) => id)
    const costOf = (plan: number, quantity: number): number => {
      const amount = amounts[plan]
      if (amount !== undefined) return amount * quantity
      const above = plan === 5 ? quantity * 500 : 2999 + (quantity - 3) * 500
      return quantity > 3 ? above : 2999
    }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 5 }), steps, async (first, life) => {
        const { clock, customer, subscription, item } = await it.aSubscriber({
          from: '2026-01-15T09:00:00Z',
          price: prices[first] ?? '',
          params: { billing_mode: { type: mode } },
        })
        let [now, amount, expected] = [START, costOf(first, 1), 0]
        for (const { seconds, plan, quantity } of life) {
          await it.advance(clock, new Date((now + seconds) * 1000).toISOString())
          expected += worth(amount, now, now + seconds)
          now += seconds
          amount = costOf(plan, quantity)
          await it.stripe.subscriptions.update(subscription.id, {
            items: [{ id: item, price: prices[plan], quantity }],
            proration_behavior: 'always_invoice',
          })
        }
        await it.stripe.subscriptions.cancel(subscription.id, { invoice_now: true, prorate: true })

        const invoices = (await it.stripe.invoices.list({ customer, limit: 100 })).data
        const lines = invoices.flatMap((invoice) => invoice.lines.data)
        for (const invoice of invoices) {
          expect(invoice.lines.data.reduce((sum, line) => sum + line.amount, 0)).toBe(invoice.total)
          expect(invoice.total + invoice.starting_balance).toBe(invoice.amount_due + (invoice.ending_balance ?? 0))
        }
        const billed = invoices.reduce((sum, invoice) => sum + invoice.total, 0)
        const prorations = lines.filter((line) => line.parent?.subscription_item_details?.proration).length
        expect(Math.abs(billed - expected)).toBeLessThanOrEqual(prorations)

        const { balance } = (await it.stripe.customers.retrieve(customer)) as { balance: number }
        const paid = invoices.reduce((sum, invoice) => sum + invoice.amount_paid, 0)
        const unpaid = invoices
          .filter((invoice) => invoice.status !== 'paid')
          .reduce((sum, invoice) => sum + invoice.amount_due, 0)
        expect(paid + unpaid + balance).toBe(billed)
      }),
      { seed: 20261123, numRuns: 25 },
    )
  },
)

test('a preview has the same lines as the update at any time and between any plans', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 100, max: 50_000 }),
      fc.integer({ min: 100, max: 50_000 }),
      fc.integer({ min: 1, max: 30 * DAY }),
      async (from, to, seconds) => {
        const [old, next] = [await it.aPrice({ amount: from }), await it.aPrice({ amount: to })]
        const { clock, customer, subscription } = await it.aSubscriber({ from: '2026-01-15T09:00:00Z', price: old.id })
        await it.advance(clock, new Date((START + seconds) * 1000).toISOString())
        const details = {
          items: [{ id: itemOf(subscription).id, price: next.id }],
          proration_behavior: 'always_invoice' as const,
          proration_date: START + seconds,
        }
        const preview = await it.stripe.invoices.createPreview({
          subscription: subscription.id,
          subscription_details: details,
        })
        await it.stripe.subscriptions.update(subscription.id, details)
        const invoice = await it.latestInvoice(customer)
        expect(invoice.lines.data.map((line) => line.amount)).toEqual(preview.lines.data.map((line) => line.amount))
        expect([invoice.total, invoice.amount_due, invoice.ending_balance]).toEqual([
          preview.total,
          preview.amount_due,
          preview.ending_balance,
        ])
      },
    ),
    { seed: 20261123, numRuns: 25 },
  )
})
