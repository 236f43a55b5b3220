import type Stripe from 'stripe'
import { idOf, liveSubscriptionsOf, planItemOf, planPricesOf, type Act, type Choose, type World } from './world.ts'

/** What a person in support can do with subscription schedules in Stripe's dashboard. */
export const SCHEDULE_ACTS = {
  'schedules what comes next': async (world, choose) => {
    const { stripe } = world
    const subscription = choose(await liveSubscriptionsOf(world))
    if (!subscription) return null
    const present = idOf(subscription.schedule)
    const schedule = present
      ? await stripe.subscriptionSchedules.retrieve(present)
      : await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
    const phase = schedule.phases.find(({ start_date }) => start_date === schedule.current_phase?.start_date)
    if (!phase) return null
    const { start_date, end_date } = phase
    const terms = {
      items: subscription.items.data.map(itemOf),
      discounts: subscription.discounts.map((discount) => ({ discount: idOf(discount) })),
    }
    const next = await nextItems(world, subscription, choose)
    if (!next) return null
    await stripe.subscriptionSchedules.update(schedule.id, {
      end_behavior: 'release',
      phases: [
        { ...terms, start_date, end_date },
        { ...terms, items: next, proration_behavior: 'none' },
      ],
    })
    const words = next.map(({ price, quantity }) => `${quantity} x ${price}`)
    return `schedules ${words.join(' and ')} for the next period (${subscription.id})`
  },

  'releases a schedule': async (world, choose) => {
    const schedules = (await liveSubscriptionsOf(world)).flatMap(({ schedule }) => idOf(schedule) || [])
    const schedule = choose(schedules)
    if (!schedule) return null
    await world.stripe.subscriptionSchedules.release(schedule)
    return `releases the schedule ${schedule}`
  },
} satisfies Record<string, Act>

type PhaseItem = Stripe.SubscriptionScheduleUpdateParams.Phase.Item

const itemOf = ({ price, quantity, discounts }: Stripe.SubscriptionItem): PhaseItem => ({
  price: price.id,
  quantity: quantity ?? 1,
  discounts: discounts.map((discount) => ({ discount: idOf(discount) })),
})

/** Another plan, more seats, or an add-on. Null if the subscription has no plan. */
async function nextItems(world: World, subscription: Stripe.Subscription, choose: Choose): Promise<PhaseItem[] | null> {
  const planPrices = await planPricesOf(world)
  const items = subscription.items.data.map(itemOf)
  const plan = items.find(({ price }) => price === planItemOf(subscription, planPrices)?.price.id)
  const other = choose([...planPrices.keys()].filter((price) => price !== plan?.price))
  const addOn = choose(world.shelf.addOns.filter((price) => items.every((item) => item.price !== price)))
  if (!plan || !other) return null
  const options: PhaseItem[][] = [
    items.map((item) => (item === plan ? { ...item, price: other } : item)),
    items.map((item) => (item === plan ? { ...item, quantity: 5 } : item)),
    addOn ? [...items, { price: addOn, quantity: 2 }] : items.filter((item) => item === plan),
  ]
  return choose(options) ?? null
}
