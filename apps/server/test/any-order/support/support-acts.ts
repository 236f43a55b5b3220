import type Stripe from 'stripe'
import { aHero } from '../hero.ts'
import { SCHEDULE_ACTS } from './schedule-acts.ts'
import {
  customerOf,
  idOf,
  invoicesOf,
  liveSubscriptionsOf,
  planItemOf,
  planPricesOf,
  type Act,
  type Choose,
  type World,
} from './world.ts'

const DAY = 86_400

/** Makes an act of something that is done to one of the user's live subscriptions. */
const toSubscription =
  (act: (world: World, subscription: Stripe.Subscription, choose: Choose) => Promise<string | null>): Act =>
  async (world, choose) => {
    const subscription = choose(await liveSubscriptionsOf(world))
    if (!subscription) return null
    const done = await act(world, subscription, choose)
    return done && `${done} (${subscription.id})`
  }

const update = (
  says: string,
  change: (subscription: Stripe.Subscription, choose: Choose, world: World) => Stripe.SubscriptionUpdateParams | null,
): Act =>
  toSubscription(async (world, subscription, choose) => {
    const params = change(subscription, choose, world)
    if (!params) return null
    await world.stripe.subscriptions.update(subscription.id, params)
    return `${says} ${JSON.stringify(params)}`
  })

const periodEndOf = ({ items }: Stripe.Subscription): number =>
  Math.min(...items.data.map(({ current_period_end }) => current_period_end))
const PRORATIONS = ['none', 'create_prorations', 'always_invoice'] as const

/** What a person in support can do in Stripe's dashboard. */
export const SUPPORT_ACTS = {
  'refunds a payment': (world, choose) => refund(world, choose, 'full'),
  'refunds a part of a payment': (world, choose) => refund(world, choose, 'part'),

  'issues a credit note': async (world, choose) => {
    const invoice = choose((await invoicesOf(world)).filter(({ status, total }) => status === 'paid' && total > 0))
    if (!invoice) return null
    const amount = Math.max(1, Math.floor(invoice.total / (choose([1, 2, 4]) ?? 1)))
    const how = choose(['refund_amount', 'credit_amount', 'out_of_band_amount'] as const) ?? 'credit_amount'
    await world.stripe.creditNotes.create({ invoice: invoice.id, amount, [how]: amount })
    return `issues a credit note of ${amount} as ${how} (${invoice.id})`
  },
  'reduces an open invoice': async (world, choose) => {
    const invoice = choose((await invoicesOf(world)).filter(({ status }) => status === 'open'))
    if (!invoice) return null
    const amount = Math.max(1, Math.floor(invoice.amount_remaining / (choose([1, 2]) ?? 1)))
    await world.stripe.creditNotes.create({ invoice: invoice.id, amount })
    return `reduces an open invoice by ${amount} (${invoice.id})`
  },
  'voids an open invoice': async (world, choose) => {
    const invoice = choose((await invoicesOf(world)).filter(({ status }) => status === 'open'))
    if (!invoice) return null
    await world.stripe.invoices.voidInvoice(invoice.id)
    return `voids an open invoice (${invoice.id})`
  },
  'writes an open invoice off': async (world, choose) => {
    const invoice = choose((await invoicesOf(world)).filter(({ status }) => status === 'open'))
    if (!invoice) return null
    await world.stripe.invoices.markUncollectible(invoice.id)
    return `marks an open invoice as uncollectible (${invoice.id})`
  },

  'deletes the customer': async (world) => {
    const customer = await customerOf(world)
    if (!customer || (await world.stripe.customers.retrieve(customer)).deleted) return null
    for (const { id } of await liveSubscriptionsOf(world)) forfeit(world, id)
    await world.stripe.customers.del(customer)
    return `deletes the customer (${customer})`
  },
  'gives credit': async (world, choose) => {
    const customer = await customerOf(world)
    if (!customer) return null
    const amount = -(choose([500, 1_900, 7_000]) ?? 0)
    await world.stripe.customers.createBalanceTransaction(customer, { amount, currency: 'usd' })
    return `gives the customer a credit of ${-amount}`
  },
  'archives a price': async (world, choose) => {
    const price = choose([...(await planPricesOf(world)).keys()])
    if (!price) return null
    await world.stripe.prices.update(price, { active: false })
    return `archives the price ${price}`
  },
  'declines all charges from now on': async (world) => declineCharges(world, true),
  'lets charges through again': async (world) => declineCharges(world, false),
  'replaces the card by a bad one': toSubscription(async ({ stripe }, { id, customer }) => {
    const card = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: idOf(customer) })
    await stripe.subscriptions.update(id, { default_payment_method: card.id })
    return 'replaces the card by a bad one'
  }),

  'makes a subscription': async (world, choose) => {
    const customer = await customerOf(world)
    const price = choose([...(await planPricesOf(world)).keys()])
    if (!customer || !price) return null
    const method = await world.stripe.paymentMethods.attach('pm_card_visa', { customer })
    const { id } = await world.stripe.subscriptions.create({
      customer,
      items: [{ price }],
      default_payment_method: method.id,
    })
    return `makes a subscription of ${price} (${id})`
  },
  'cancels at once': toSubscription(async (world, { id }, choose) => {
    const prorate = choose([true, false]) ?? false
    await world.stripe.subscriptions.cancel(id, { prorate, invoice_now: prorate })
    if (!prorate) forfeit(world, id)
    return `cancels at once, ${prorate ? 'with' : 'without'} credit`
  }),
  'cancels at the period’s end': update('cancels', () => ({ cancel_at_period_end: true })),
  'undoes a cancellation': update('undoes the cancellation', ({ cancel_at, cancel_at_period_end }) => {
    if (cancel_at_period_end) return { cancel_at_period_end: false }
    return cancel_at ? { cancel_at: '' } : null
  }),
  'writes a note': update('writes a note', (_subscription, choose) => ({
    metadata: { note: choose(['called', 'VIP guest', 'pays by wire']) ?? '' },
  })),

  'adds an item': toSubscription(async ({ stripe, shelf }, subscription, choose) => {
    const price = choose(
      shelf.addOns.filter((addOn) => !subscription.items.data.some((item) => item.price.id === addOn)),
    )
    if (!price) return null
    const [quantity, proration_behavior] = [choose([1, 1, 4]) ?? 1, choose(PRORATIONS) ?? 'none']
    await stripe.subscriptionItems.create({ subscription: subscription.id, price, quantity, proration_behavior })
    return `adds ${quantity} x ${price}, ${proration_behavior}`
  }),
  'removes an item': toSubscription(async ({ stripe, shelf }, { items }, choose) => {
    const item = choose(items.data.filter(({ price }) => shelf.addOns.includes(price.id)))
    if (!item) return null
    await stripe.subscriptionItems.del(item.id, { proration_behavior: choose(PRORATIONS) ?? 'none' })
    return `removes the item of ${item.price.id}`
  }),
  'sets a quantity': toSubscription(async ({ stripe }, { items }, choose) => {
    const item = choose(items.data)
    if (!item) return null
    const [quantity, proration_behavior] = [choose([1, 2, 3, 7]) ?? 1, choose(PRORATIONS) ?? 'none']
    await stripe.subscriptionItems.update(item.id, { quantity, proration_behavior })
    return `sets ${quantity} x ${item.price.id}, ${proration_behavior}`
  }),
  'moves to another plan': toSubscription(async (world, subscription, choose) => {
    const planPrices = await planPricesOf(world)
    const item = planItemOf(subscription, planPrices)
    const price = choose([...planPrices.keys()].filter((other) => other !== item?.price.id))
    if (!item || !price) return null
    const [quantity, proration_behavior] = [item.quantity ?? 1, choose(PRORATIONS) ?? 'none']
    await world.stripe.subscriptionItems.update(item.id, { price, quantity, proration_behavior })
    return `moves to ${price}, ${proration_behavior}`
  }),

  'sets an end date': update('sets an end date', (subscription, choose) => ({
    cancel_at: periodEndOf(subscription) + (choose([-3 * DAY, 0, 10 * DAY, 75 * DAY, 365 * DAY]) ?? 0),
    proration_behavior: 'none',
  })),
  'pauses collection': update('pauses collection', (subscription, choose) => {
    const behavior = choose(['void', 'mark_uncollectible', 'keep_as_draft'] as const) ?? 'void'
    const resumes_at = choose([null, periodEndOf(subscription) + 20 * DAY])
    return { pause_collection: { behavior, ...(resumes_at ? { resumes_at } : {}) } }
  }),
  'ends a pause of collection': update('ends the pause', ({ pause_collection }) =>
    pause_collection ? { pause_collection: '' } : null,
  ),
  'pauses the subscription': toSubscription(async ({ stripe }, { id, status }) => {
    if (status === 'paused') return null
    await stripe.subscriptions.pause(id, {})
    return 'pauses the subscription'
  }),
  'resumes a paused subscription': toSubscription(async ({ stripe }, { id, status }) => {
    if (status !== 'paused') return null
    await stripe.subscriptions.resume(id, {})
    return 'resumes the subscription'
  }),
  'moves the trial’s end': update('moves the trial', (subscription, choose, world) => {
    forfeit(world, subscription.id)
    return {
      trial_end: choose(['now', periodEndOf(subscription) + 14 * DAY] as const) ?? 'now',
      proration_behavior: 'none',
    }
  }),
  'starts a new period': update('starts a new period', () => ({
    billing_cycle_anchor: { type: 'now' },
    proration_behavior: 'create_prorations',
  })),
  'sends invoices by email': update('sends invoices by email', ({ collection_method }) =>
    collection_method === 'send_invoice' ? null : { collection_method: 'send_invoice', days_until_due: 30 },
  ),

  'gives a discount': update('gives a discount', ({ discounts }, choose, { shelf }) => {
    const coupon = choose(shelf.coupons)
    const kept = discounts.map((discount) => ({ discount: idOf(discount) }))
    return coupon ? { discounts: [...kept, { coupon }] } : null
  }),
  'takes the discounts away': update('takes the discounts away', ({ discounts }) =>
    discounts.length > 0 ? { discounts: '' } : null,
  ),
  'gives a discount on an item': toSubscription(async ({ stripe, shelf }, { items }, choose) => {
    const [item, coupon] = [choose(items.data), choose(shelf.coupons)]
    if (!item || !coupon) return null
    await stripe.subscriptionItems.update(item.id, { discounts: [{ coupon }], proration_behavior: 'none' })
    return `gives ${coupon} on the item of ${item.price.id}`
  }),

  ...SCHEDULE_ACTS,

  'replaces the secret key': async (world) => {
    const [first, second] = world.products
    const other = world.product === first ? second : first
    if (!other || world.closedAt !== null) return null
    const hero = await world.hero.insist(() => aHero(world.faulty, world.user, other))
    if (!hero) return null
    world.product = other
    world.hero = hero
    return 'replaces the secret key, and the old one stays valid'
  },
  'turns the webhook endpoint off': async ({ stripe, shelf }) => {
    await stripe.webhookEndpoints.update(shelf.endpoint, { disabled: true })
    return 'turns the webhook endpoint off'
  },
  'turns the webhook endpoint on': async ({ stripe, shelf }) => {
    await stripe.webhookEndpoints.update(shelf.endpoint, { disabled: false })
    return 'turns the webhook endpoint on'
  },
} satisfies Record<string, Act>

export type SupportAct = keyof typeof SUPPORT_ACTS

function forfeit({ faulty, forfeited }: World, id: string): void {
  const now = Math.floor(faulty.app.stripe.now().getTime() / 1_000)
  forfeited.set(id, [...(forfeited.get(id) ?? []), now])
}

async function refund(world: World, choose: Choose, how: 'full' | 'part'): Promise<string | null> {
  const { stripe, customers } = world
  await customerOf(world)
  const lists = await Promise.all(customers.map((customer) => stripe.charges.list({ customer, limit: 100 })))
  const charge = choose(lists.flatMap(({ data }) => data).filter(({ paid, refunded }) => paid && !refunded))
  if (!charge) return null
  const left = charge.amount - charge.amount_refunded
  const amount = how === 'full' ? left : Math.max(1, Math.floor(left / 3))
  await stripe.refunds.create({ charge: charge.id, amount })
  return `refunds ${amount} of ${charge.amount} (${charge.id})`
}

async function declineCharges(world: World, on: boolean): Promise<string | null> {
  if (!(await customerOf(world))) return null
  await world.hero.declineCharges(on)
  return on ? 'makes all charges fail' : 'lets charges through again'
}
