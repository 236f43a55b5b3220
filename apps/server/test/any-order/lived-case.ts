import * as fc from 'fast-check'
import { reconcile } from '../../src/billing/index.ts'
import type { PlannedFault } from '../faults/faults.ts'
import { aHero } from './hero.ts'
import type { Stage } from './recording.ts'
import type { Fate } from './relay.ts'
import { outcomeOf, restore, type Outcome } from './rows.ts'
import { LAST_DAY, STORIES } from './stories.ts'

/** A story that happens while its events arrive or get lost, the worker runs or pauses, and any call may fail. */
export interface LivedCase {
  readonly story: string
  /** The fate of each webhook call, in order. The list repeats if there are more calls. */
  readonly fates: readonly Fate[]
  /** Whether the worker runs after each step. The list repeats. */
  readonly works: readonly boolean[]
  readonly faults: readonly PlannedFault[]
}

const fate = fc.constantFrom<Fate[]>('delivered', 'delivered', 'delivered', 'withheld', 'answer lost')
const fault = fc.record({ call: fc.nat(1_200), fault: fc.constantFrom('before' as const, 'after' as const) })

export const livedCase = (stories: readonly string[]): fc.Arbitrary<LivedCase> =>
  fc.record({
    story: fc.constantFrom(...stories),
    fates: fc.array(fate, { minLength: 1, maxLength: 40 }),
    works: fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
    faults: fc.array(fault, { maxLength: 12 }),
  })

/** After a pause of this many days, something may have been renewed. */
const LONG = 7

/** Every event arrives at once and is applied at once. */
export const inPeace = (story: string): LivedCase => ({ story, fates: ['delivered'], works: [true], faults: [] })

/** What is the same in every run of a story. Amounts that are prorated by the second are left out. */
export interface Life extends Pick<Outcome, 'loose'> {
  subscriptions: unknown[]
  payments: unknown[]
  /** Templates. */
  mails: string[]
}

export async function liveThrough(stage: Stage, told: LivedCase): Promise<{ life: Life; thrown: string[] }> {
  const { faulty, relay } = stage
  const { app, database, faults, worker } = faulty
  await restore(database, new Map())
  const hero = await aHero(faulty, await app.aUser())
  const steps = STORIES[told.story]?.steps ?? []
  const [fates, works] = [cycle(told.fates), cycle(told.works)]

  relay.fate = fates
  faults.arm(told.faults)
  let today = 0
  for (const day of [...new Set([...steps.map((step) => step.day), LAST_DAY])].toSorted((one, other) => one - other)) {
    // A worker that pauses until the period ends can't cancel a replaced subscription in time, and Stripe renews it.
    if (day - today >= LONG) await worker.workOff()
    if (day > today) await app.stripe.advance({ days: day - today })
    if (works()) await worker.workOff()
    today = day
    for (const step of steps) {
      if (step.day !== day) continue
      await step.act(hero)
      await app.stripe.drained(20_000)
      if (works()) await worker.workOff()
    }
  }
  await worker.workOff()
  const { thrown } = faults.disarm()

  await reconcile(app.scope())
  await worker.workOff()
  const life = readLife(await outcomeOf(database))
  relay.fate = 'swallowed'
  for (const { id, status } of (await hero.stripe.subscriptions.list({ customer: await hero.customer() })).data)
    if (status !== 'canceled') await hero.stripe.subscriptions.cancel(id)
  await app.stripe.drained(20_000)
  return { life, thrown }
}

function cycle<T>(values: readonly [T, ...T[]] | readonly T[]): () => T {
  let next = 0
  return () => values[next++ % values.length] as T
}

/** The prices of the plans. All other amounts are prorated by the second. */
const PRICES = new Set([1_500, 1_900, 4_900])

function readLife({ subscriptions, payments, mails, loose }: Outcome): Life {
  const inOrder = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).toSorted()
  return {
    loose,
    subscriptions: inOrder(
      subscriptions.map((row) => {
        const of = row as Record<string, unknown>
        const isSet = (name: string) => of[name] !== null
        return [
          ...[of['status'], of['plan_id'], of['price_cents'], of['cancel_at_period_end']],
          ...['ended_at', 'superseded_at', 'reversed_at', 'past_due_since', 'scheduled_at'].map(isSet),
        ]
      }),
    ),
    payments: inOrder(
      payments.map((row) => {
        const { status, amount_cents: amount, refunded_cents: refunded } = row as Record<string, unknown>
        return [status, PRICES.has(Number(amount)) ? amount : 'by the second', refunded]
      }),
    ),
    mails: mails.map((fact) => fact.split(':')[0] ?? '').toSorted(),
  }
}
