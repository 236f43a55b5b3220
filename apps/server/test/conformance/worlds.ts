import type { SubscriptionProvider } from '../../src/billing/providers/capabilities.ts'
import { after } from '../../src/platform/clock.ts'
import { DAY } from '../../src/platform/durations.ts'
import { anAdmin } from '../admin.ts'
import { firstOf } from '../long.ts'
import { openManualWorld } from './manual-world.ts'
import { openPaymobWorld } from './paymob-world.ts'
import { openStripeWorld } from './stripe-world.ts'
import { aSubscriber, aVisitor, type Subscriber, type World } from './world.ts'

type Column = [name: SubscriptionProvider, open: () => Promise<World>]

/** Every provider that takes money. In `npm test`, only the one that few other tests buy at. */
export const PAID: readonly Column[] = firstOf<Column>(1, [
  ['paymob', openPaymobWorld],
  ['stripe', openStripeWorld],
])

/** Every way to have a plan. */
export const ALL: readonly Column[] = [...PAID, ['manual', openManualWorld]]

/** Someone who has the small plan for about a month: bought, or granted. */
export async function aHolder(world: World): Promise<Subscriber> {
  if (world.capabilities.renews) return aSubscriber(world)
  const holder = await aVisitor(world)
  const until = after(world.app.stripe.now(), 30 * DAY)
  const { api } = await anAdmin(world.app)
  await api.admin.subscriptions.grant.mutate({ userId: holder.id, planCode: 'small', until })
  return holder
}
