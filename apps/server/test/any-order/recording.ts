import type { Client } from 'pg'
import { createFaultyApp, type FaultyApp } from '../faults/faulty-app.ts'
import { aPlan } from '../plans.ts'
import { stripeClient } from '../stripe.ts'
import { WEBHOOK_SECRET, type TestUser } from '../test-app.ts'
import { aHero } from './hero.ts'
import { startRelay, type Relay } from './relay.ts'
import { takeSnapshot, type Snapshot } from './rows.ts'
import { LAST_DAY, STORIES } from './stories.ts'

/** A finished story: all of its Stripe events, and our rows as if no event had arrived. */
export interface Recording {
  /** Oldest first. */
  readonly events: readonly { id: string; type: string; deliveryId: string }[]
  readonly before: Snapshot
}

/** A server and the sandbox, with a relay between them. */
export interface Stage extends AsyncDisposable {
  readonly faulty: FaultyApp
  readonly relay: Relay
}

/** A stage on which all stories are over, and no webhook has arrived yet. */
export interface RecordedStage extends Stage {
  readonly recordings: ReadonlyMap<string, Recording>
}

export async function openStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const relay = stack.use(await startRelay())
  const faulty = stack.use(
    await createFaultyApp({ webhookEndpoints: [{ url: relay.url, secret: WEBHOOK_SECRET }], retryDelaysMs: [] }),
  )
  relay.target = `${faulty.app.url}/billing/stripe/webhook`
  await aPlan(faulty.app, { code: 'story-trial', priceCents: 1_500, trialDays: 14 })
  const running = stack.move()
  return { faulty, relay, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

export async function recordStories(): Promise<RecordedStage> {
  await using stack = new AsyncDisposableStack()
  const { faulty, relay } = stack.use(await openStage())
  relay.fate = 'withheld'
  const users = new Map<string, TestUser>()
  for (const name of Object.keys(STORIES)) users.set(name, await faulty.app.aUser())
  await live(faulty, users)
  const recordings = new Map<string, Recording>()
  for (const [name, user] of users) recordings.set(name, await record(faulty, user))
  await swallowAll(faulty, relay)

  const running = stack.move()
  return { faulty, relay, recordings, [Symbol.asyncDispose]: () => running.disposeAsync() }
}

/** Runs all stories at once, because they share the sandbox's clock. */
async function live(faulty: FaultyApp, users: ReadonlyMap<string, TestUser>): Promise<void> {
  const heroes = await Promise.all(
    [...users].map(async ([name, user]) => ({ steps: STORIES[name]?.steps ?? [], hero: await aHero(faulty, user) })),
  )
  const days = new Set(heroes.flatMap(({ steps }) => steps.map(({ day }) => day)))
  let today = 0
  for (const day of [...days, LAST_DAY].toSorted((one, other) => one - other)) {
    if (day > today) await faulty.app.stripe.advance({ days: day - today })
    today = day
    for (const { steps, hero } of heroes) for (const step of steps) if (step.day === day) await step.act(hero)
    await faulty.worker.workOff()
  }
}

async function record({ app, database }: FaultyApp, user: TestUser): Promise<Recording> {
  const customer = await customerOf(database, user)
  const deliveries = new Map(
    (app.stripe.deliveries() as { id: string; eventId: string }[]).map(({ id, eventId }) => [eventId, id]),
  )
  const events: { id: string; type: string; deliveryId: string }[] = []
  for await (const event of stripeClient(app).events.list({ limit: 100 })) {
    const deliveryId = deliveries.get(event.id)
    if (deliveryId && JSON.stringify(event).includes(customer))
      events.push({ id: event.id, type: event.type, deliveryId })
  }
  return { events: events.toReversed(), before: await takeSnapshot(database, user.id) }
}

async function customerOf(database: Client, user: TestUser): Promise<string> {
  const { rows } = await database.query<{ id: string }>(
    'select provider_customer_id as id from customers where user_id = $1',
    [user.id],
  )
  return rows[0]?.id ?? ''
}

/** Marks all events as delivered at Stripe, so that only those that a case drops are undelivered. */
async function swallowAll({ app }: FaultyApp, relay: Relay): Promise<void> {
  relay.fate = 'swallowed'
  for (const { id } of app.stripe.deliveries() as { id: string }[])
    await fetch(`${app.stripe.url}/_/deliveries/${id}/resend`, { method: 'POST' })
  await app.stripe.drained(20_000)
}
