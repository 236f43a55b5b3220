import { expect } from 'vitest'
import type { PayingUser } from './purchases.ts'
import { stripeClient, stripeSubscriptionOf } from './stripe.ts'
import type { TestApp } from './test-app.ts'

/**
 * The units used above limits on all of a customer's invoices and on what waits for the next, by unit price. Each line
 * costs what its units cost.
 */
export async function unitsBilledTo(
  app: TestApp,
  { stripeCustomerId: customer }: PayingUser,
): Promise<Record<string, number>> {
  const stripe = stripeClient(app)
  const { data } = await stripe.invoices.list({ customer, limit: 100 })
  const { id } = await stripeSubscriptionOf(app, customer)
  const next = await stripe.invoices.createPreview({ subscription: id })
  const metered = new Map<string, number>()
  for (const { lines } of [...data, next]) {
    for (const { pricing, quantity, amount, metadata } of lines.data) {
      const price = metadata['overage_price'] ?? pricing?.price_details?.price
      const { recurring, unit_amount_decimal } = await stripe.prices.retrieve(typeof price === 'string' ? price : '')
      if (recurring?.usage_type !== 'metered' || !quantity) continue
      const cents = String(unit_amount_decimal)
      expect(amount).toBe(quantity * Number(cents))
      metered.set(cents, (metered.get(cents) ?? 0) + quantity)
    }
  }
  return Object.fromEntries(metered)
}
