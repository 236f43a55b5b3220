import type Stripe from 'stripe'

/** What a price of our plans charges, as the test knows it. */
export type Costs = (priceId: string, quantity: number) => number

/** What the subscription's item was at a moment, according to Stripe's events. */
interface ItemThen {
  at: number
  price: string
  quantity: number
  start: number
  end: number
}

/**
 * What Stripe must have invoiced or noted for the next invoice, computed from the item's history alone.
 *
 * A period is charged in full when it begins. When the price or the quantity changes within it, the rest of what was
 * last charged is credited, and the new terms are charged for the time that is left. Each is rounded.
 *
 * @returns `slack` is by how many cents it may differ: a plan change counts from a second that its event doesn't tell.
 * @see https://docs.stripe.com/billing/subscriptions/prorations
 */
export function expectedMoney(history: readonly ItemThen[], costs: Costs): { cents: number; slack: number } {
  let [cents, slack] = [0, 0]
  let last: ItemThen | undefined
  let debit = { amount: 0, from: 0 }
  for (const item of history) {
    const full = costs(item.price, item.quantity)
    if (!last || item.start >= last.end) {
      cents += full
      debit = { amount: full, from: item.start }
    } else if (item.price !== last.price || item.quantity !== last.quantity) {
      const left = item.end - item.at
      const charge = Math.round((full * left) / (item.end - item.start))
      cents += charge - Math.round((debit.amount * left) / (item.end - debit.from))
      debit = { amount: charge, from: item.at }
      if (item.price !== last.price) slack += 1
    }
    last = item
  }
  return { cents, slack }
}

/** The history of a subscription's only item, oldest first. */
export async function historyOf(stripe: Stripe, subscriptionId: string): Promise<ItemThen[]> {
  const history: ItemThen[] = []
  const types = ['customer.subscription.created', 'customer.subscription.updated']
  for await (const { created, data } of stripe.events.list({ types, limit: 100 })) {
    const subscription = data.object as Stripe.Subscription
    const [item] = subscription.items.data
    if (subscription.id !== subscriptionId || !item) continue
    const { price, quantity = 1, current_period_start: start, current_period_end: end } = item
    history.push({ at: created, price: price.id, quantity, start, end })
  }
  return history.toReversed()
}

/** What Stripe has invoiced a customer, and what it has noted for the next invoice. */
export async function invoicedTo(stripe: Stripe, customer: string): Promise<number> {
  let cents = 0
  for await (const { status, total } of stripe.invoices.list({ customer, limit: 100 }))
    if (status !== 'void') cents += total
  for await (const { amount } of stripe.invoiceItems.list({ customer, pending: true, limit: 100 })) cents += amount
  return cents
}
