import Stripe from 'stripe'
import { reconcile } from '../../../src/billing/index.ts'
import { createJobRoutes } from '../../../src/worker.ts'
import { aHero } from '../hero.ts'
import { outcomeOf, restore } from '../rows.ts'
import type { PlannedStep, SupportCase } from './case.ts'
import { wrongPayments, wrongSubscriptions } from './expected-rows.ts'
import type { Shop } from './open-shop.ts'
import { chargedAfterClosing, chargedTwice, collectedAfterReplacement, runningTwice, wrongAccess } from './oracle.ts'
import { takePicture, undone } from './picture.ts'
import { SUPPORT_ACTS } from './support-acts.ts'
import { USER_ACTS, type Allowance } from './user-acts.ts'
import { chooseBy, customerOf, hasEnded, subscriptionsOf, type World } from './world.ts'

const PATIENCE_MS = 20_000
/** A worker that stands still for longer can't cancel a replaced subscription in time, and Stripe renews it. In days. */
const LONG = 7

/** Lives a case, lets the product converge, and judges. @returns all that is wrong, and the story, in plain lines. */
export async function live(shop: Shop, told: SupportCase): Promise<{ wrongs: string[]; story: string[] }> {
  const { stage } = shop
  const world = await openWorld(shop)
  const { faults } = stage.faulty
  stage.relay.fate = cycle(told.fates)
  faults.arm(told.faults)
  await userActs(world, { act: 'subscribes', numbers: [told.first] })
  await work(world)
  for (const step of told.steps) await take(world, step)
  const { thrown } = faults.disarm()
  world.story.push(...thrown.map((fault) => `         fault at ${fault}`))

  await converge(world)
  await judge(world)
  await leave(world)
  return world
}

async function openWorld({ stage: { faulty, relay }, shelf, products }: Shop): Promise<World> {
  const { app, database } = faulty
  await restore(database, new Map())
  const before = app.stripe.now()
  await fetch(`${app.stripe.url}/_/events?before=${new Date(before.getTime() - 1_000).toISOString()}`, {
    method: 'DELETE',
  })
  const user = await app.aUser()
  const hero = await aHero(faulty, user)
  return {
    ...{ faulty, relay, shelf, products, user, hero, product: products[0], stripe: hero.stripe },
    ...{ story: [], wrongs: [], customers: [], forfeited: new Map<string, number[]>(), day: 0, closedAt: null },
    firstDelivery: app.stripe.deliveries().length,
  }
}

async function take(world: World, { step, days, numbers, works }: PlannedStep): Promise<void> {
  const { app } = world.faulty
  if (days >= LONG) await catchUp(world)
  if (days > 0) {
    await app.stripe.advance({ days })
    world.day += days
  }
  if (step.who === 'support') await supportActs(world, step.act, numbers)
  else if (step.who === 'user') await userActs(world, { act: step.act, numbers })
  else if (step.who === 'Stripe') await repeatEvent(world, numbers)
  else {
    tell(world, 'the hourly jobs run')
    await strikeTheHour(world)
  }
  await app.stripe.drained(PATIENCE_MS)
  if (works) await work(world)
}

async function supportActs(world: World, name: keyof typeof SUPPORT_ACTS, numbers: readonly number[]): Promise<void> {
  try {
    const done = await SUPPORT_ACTS[name](world, chooseBy(numbers))
    if (done) tell(world, `support ${done}`)
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError) || error.statusCode === undefined || error.statusCode >= 500)
      throw error
    tell(world, `support ${name}, but Stripe refuses: ${error.message}`)
  }
}

async function userActs(
  world: World,
  { act: name, numbers }: { act: keyof typeof USER_ACTS; numbers: readonly number[] },
): Promise<void> {
  if (world.closedAt !== null) return
  const { act, may } = USER_ACTS[name]
  await watched(world, `when the user ${name}`, may, async () => {
    try {
      const done = await act(world, chooseBy(numbers))
      if (done) tell(world, `the user ${done}`)
    } catch (error) {
      const { reason } = (error as { data?: { reason?: string } }).data ?? {}
      if (reason === undefined) throw error
      tell(world, `the user ${name}, but is refused: ${reason}`)
      if (reason === 'PAYMENT_PROVIDER_ERROR' || reason === 'INTERNAL_ERROR')
        world.wrongs.push(`The user got no answer when the user ${name}: ${reason}.`)
    }
  })
}

/** Does something in which only the product acts at Stripe, and notes what it undoes of support's. */
async function watched(world: World, when: string, may: Allowance, act: () => Promise<void>): Promise<void> {
  const before = await takePicture(world)
  const wasClosed = world.closedAt !== null
  await act()
  const after = await takePicture(world)
  const isClosed = wasClosed || world.closedAt !== null
  world.wrongs.push(...undone({ before, after, may, isClosed }).map((wrong) => `Day ${world.day}, ${when}: ${wrong}`))
}

async function work(world: World): Promise<void> {
  await watched(world, 'when the worker ran', {}, () => world.product.worker.workOff())
}

async function repeatEvent(world: World, numbers: readonly number[]): Promise<void> {
  const { app } = world.faulty
  const own = app.stripe.deliveries() as { id: string; type?: string }[]
  const delivery = chooseBy(numbers)(own.slice(0, own.length - world.firstDelivery))
  if (!delivery) return
  tell(world, `Stripe sends an event again ${delivery.type ?? ''}`)
  await fetch(`${app.stripe.url}/_/deliveries/${delivery.id}/resend`, { method: 'POST' })
}

/** What the product does within hours, before more days pass: the hours after a fault do what it has stopped. */
async function catchUp(world: World): Promise<void> {
  for (let hour = 1; hour <= 2; hour += 1) {
    await work(world)
    await strikeTheHour(world)
  }
  await work(world)
}

/** Runs the jobs that run by the clock. A job that a fault stops is run again by the next hour. */
async function strikeTheHour(world: World): Promise<void> {
  const { deps } = world.product
  for (const { run, cron } of createJobRoutes(deps)) {
    if (cron)
      await watched(world, 'when the hourly jobs ran', {}, async () => {
        await run({}, { id: crypto.randomUUID(), retryCount: 0 }).catch(() => undefined)
      })
  }
}

async function converge(world: World): Promise<void> {
  const { app } = world.faulty
  world.relay.fate = 'delivered'
  await app.stripe.drained(PATIENCE_MS)
  await work(world)
  await watched(world, 'in the last reconciliation', {}, async () => {
    const { failures } = await reconcile(world.product.scope())
    world.wrongs.push(...failures.map((failure) => `The reconciler failed: ${failure}`))
  })
  await work(world)
  await strikeTheHour(world)
  await work(world)
  await app.stripe.drained(PATIENCE_MS)
  await world.product.worker.workOff()
  const { corrected } = await reconcile(world.product.scope())
  world.wrongs.push(...corrected.map((row) => `A second round still corrects ${JSON.stringify(row)}.`))
}

const LOOKS = [
  ...[wrongSubscriptions, wrongPayments, wrongAccess, chargedTwice, chargedAfterClosing, runningTwice],
  collectedAfterReplacement,
]

async function judge(world: World): Promise<void> {
  await customerOf(world)
  const { loose } = await outcomeOf(world.faulty.database)
  world.wrongs.push(...loose.map((row) => `This is not finished: ${JSON.stringify(row)}`))
  for (const look of LOOKS) world.wrongs.push(...(await look(world)))
}

/** Ends everything, so that nothing of this case happens in the next one. */
async function leave(world: World): Promise<void> {
  world.relay.fate = 'swallowed'
  await world.stripe.webhookEndpoints.update(world.shelf.endpoint, { disabled: false })
  for (const subscription of await subscriptionsOf(world))
    if (!hasEnded(subscription)) await world.stripe.subscriptions.cancel(subscription.id)
  await world.faulty.app.stripe.drained(PATIENCE_MS)
}

function tell(world: World, line: string): void {
  world.story.push(`day ${String(world.day).padStart(3)}  ${line}`)
}

function cycle<T>(values: readonly T[]): () => T {
  let next = 0
  return () => values[next++ % values.length] as T
}
