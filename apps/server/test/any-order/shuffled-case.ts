import * as fc from 'fast-check'
import { reconcile } from '../../src/billing/index.ts'
import type { PlannedFault } from '../faults/faults.ts'
import type { Recording, RecordedStage } from './recording.ts'
import type { Fate } from './relay.ts'
import { outcomeOf, restore, type Outcome } from './rows.ts'

/** What happens to an event: how often it arrives, and whether Stripe gets a success answer. */
const FATES = ['once', 'once', 'once', 'twice', 'lost', 'late', 'answer lost'] as const

/** The events of a finished story in any order, with faults while they are applied. */
export interface ShuffledCase {
  readonly story: string
  /** The events are sorted by these numbers, and each has a fate. */
  readonly places: readonly number[]
  readonly fates: readonly (typeof FATES)[number][]
  /** The worker runs after this many deliveries. */
  readonly workAfter: number
  readonly sideBySide: number
  readonly faults: readonly PlannedFault[]
}

/** More events than any story has. */
const MOST_EVENTS = 80

export const shuffledCase = (stories: readonly string[]): fc.Arbitrary<ShuffledCase> =>
  fc.record({
    story: fc.constantFrom(...stories),
    places: fc.array(fc.nat(9_999), { minLength: MOST_EVENTS, maxLength: MOST_EVENTS }),
    fates: fc.array(fc.constantFrom(...FATES), { minLength: MOST_EVENTS, maxLength: MOST_EVENTS }),
    workAfter: fc.constantFrom(1, 4, MOST_EVENTS),
    sideBySide: fc.constantFrom(1, 1, 4),
    faults: fc.array(fc.record({ call: fc.nat(500), fault: fc.constantFrom('before' as const, 'after' as const) }), {
      maxLength: 8,
    }),
  })

/** Delivers every event once, in order, and without faults. */
export async function undisturbed(stage: RecordedStage, story: string): Promise<Outcome> {
  const fates = Array.from({ length: MOST_EVENTS }, () => 'once' as const)
  const places = fates.map((_, place) => place)
  return (await play(stage, { story, places, fates, workAfter: 1, sideBySide: 1, faults: [] })).outcome
}

/** @returns the final rows, and the faults that happened. */
export async function play(stage: RecordedStage, told: ShuffledCase): Promise<{ outcome: Outcome; thrown: string[] }> {
  const { faulty, relay, recordings } = stage
  const { app, database, faults, worker } = faulty
  const recording = recordings.get(told.story)
  if (!recording) throw new Error(`There is no story "${told.story}".`)
  await restore(database, recording.before)
  const calls = deliveries(recording, told)
  for (const { event, fate } of calls) if (fate === 'withheld') await deliver(stage, event, fate)

  faults.arm(told.faults)
  let left = told.workAfter
  for (const { event, fate } of calls) {
    if (fate === 'withheld') continue
    await deliver(stage, event, fate)
    left -= 1
    if (left === 0) await worker.workOff({ sideBySide: told.sideBySide })
    if (left === 0) left = told.workAfter
  }
  await worker.workOff({ sideBySide: told.sideBySide })
  const { thrown } = faults.disarm()
  relay.fate = 'swallowed'

  await reconcile(app.scope())
  await worker.workOff()
  return { outcome: await outcomeOf(database), thrown }
}

type Event = Recording['events'][number]

function deliveries({ events }: Recording, { places, fates }: ShuffledCase): { event: Event; fate: Fate }[] {
  const calls = events.flatMap((event, at) => {
    const place = places[at] ?? 0
    const once = { event, place, fate: 'delivered' as Fate }
    switch (fates[at]) {
      case 'twice':
        return [once, { ...once, place: places[at + 1] ?? place }]
      case 'lost':
        return [{ ...once, fate: 'withheld' as const }]
      case 'late':
        return [{ ...once, place: place + 10_000 }]
      case 'answer lost':
        return [{ ...once, fate: 'answer lost' as const }]
      default:
        return [once]
    }
  })
  return calls.toSorted((one, other) => one.place - other.place)
}

async function deliver({ faulty, relay }: RecordedStage, event: Event, fate: Fate): Promise<void> {
  const over = relay.expect(event.id, fate)
  await fetch(`${faulty.app.stripe.url}/_/deliveries/${event.deliveryId}/resend`, { method: 'POST' })
  await over
}
