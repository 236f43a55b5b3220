import fc from 'fast-check'
import type Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, DAY, TestSandbox } from '../test-sandbox.ts'

let it: TestSandbox
beforeAll(async () => {
  it = await TestSandbox.start()
})
afterAll(() => it[Symbol.asyncDispose]())

const START = at('2026-01-15T09:00:00Z')

const discounts = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 })
const steps = fc.array(
  fc.record({
    seconds: fc.integer({ min: 3600, max: 40 * DAY }),
    plan: fc.integer({ min: 0, max: 2 }),
    discounts,
    item: discounts,
    taxed: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
)

/** Checks that an invoice's total follows from its lines, and that its sums are those of its lines. */
function checkSums(invoice: Stripe.Invoice): void {
  const lines = invoice.lines.data
  const sum = (amounts: readonly { amount: number }[]): number =>
    amounts.reduce((total, { amount }) => total + amount, 0)
  const taken = sum(lines.flatMap((line) => line.discount_amounts ?? []))
  const taxes = lines.flatMap((line) => line.taxes ?? [])
  expect(invoice.total).toBe(sum(lines) - taken + sum(taxes))
  expect(invoice.total_excluding_tax).toBe(sum(lines) - taken)
  expect(sum(invoice.total_discount_amounts ?? [])).toBe(taken)
  expect(sum(invoice.total_taxes ?? [])).toBe(sum(taxes))
  expect(invoice.total + invoice.starting_balance).toBe(invoice.amount_due + (invoice.ending_balance ?? 0))
  for (const line of lines) expect(sum(line.discount_amounts ?? [])).toBeLessThanOrEqual(Math.max(0, line.amount))
}

test(
  'in any life with discounts and taxes, sums are right, previews come true, and credits never exceed what was billed',
  { timeout: 120_000 }, // Thousands of calls take a while on a busy machine.
  async () => {
    const prices = await Promise.all([700, 1999, 4999].map(async (amount) => (await it.aPrice({ amount })).id))
    const coupons = [
      await it.stripe.coupons.create({ percent_off: 33.3, duration: 'forever' }),
      await it.stripe.coupons.create({
        amount_off: 950,
        currency: 'usd',
        duration: 'repeating',
        duration_in_months: 2,
      }),
      await it.stripe.coupons.create({ percent_off: 50, duration: 'once' }),
      await it.stripe.coupons.create({ amount_off: 123, currency: 'usd', duration: 'once' }),
    ].map(({ id }) => id)
    const rate = await it.stripe.taxRates.create({ display_name: 'VAT', inclusive: false, percentage: 7.7 })
    const named = (chosen: readonly number[]) => chosen.map((index) => ({ coupon: coupons[index] ?? '' }))
    await fc.assert(
      fc.asyncProperty(discounts, steps, async (first, life) => {
        const { clock, customer, subscription, item } = await it.aSubscriber({
          from: '2026-01-15T09:00:00Z',
          price: prices[0] ?? '',
          params: { discounts: named(first) },
        })
        let now = START
        for (const step of life) {
          now += step.seconds
          await it.advance(clock, new Date(now * 1000).toISOString())
          const own = step.item.length > 0 && { discounts: named(step.item) }
          const terms = {
            items: [{ id: item, price: prices[step.plan], ...own }],
            proration_behavior: 'always_invoice' as const,
            proration_date: now,
            default_tax_rates: step.taxed ? [rate.id] : ('' as const),
          }
          const chosen = step.discounts.length > 0 ? { discounts: named(step.discounts) } : {}
          const before = await it.latestInvoice(customer)
          const preview = await it.stripe.invoices.createPreview({
            subscription: subscription.id,
            subscription_details: terms,
            ...chosen,
          })
          await it.stripe.subscriptions.update(subscription.id, { ...terms, ...chosen })
          const invoice = await it.latestInvoice(customer)
          if (invoice.id !== before.id)
            expect([invoice.total, invoice.amount_due, invoice.ending_balance]).toEqual([
              preview.total,
              preview.amount_due,
              preview.ending_balance,
            ])
        }
        await it.stripe.subscriptions.cancel(subscription.id, { invoice_now: true, prorate: true })
        const invoices = (await it.stripe.invoices.list({ customer, limit: 100 })).data
        for (const invoice of invoices) checkSums(invoice)
        const prorations = invoices.flatMap((invoice) => invoice.lines.data).length
        const net = invoices.reduce((sum, invoice) => sum + (invoice.total_excluding_tax ?? 0), 0)
        expect(net).toBeGreaterThanOrEqual(-prorations)
      }),
      { seed: 20261129, numRuns: 25 },
    )
  },
)
