import type { BillingScope } from '../../billing/index.ts'
import { presentEvents } from './present-events.ts'
import type { PresentedEvent, WaitingEvent } from './waiting-event.ts'

/** Maximum errors of one batch that are logged one by one. */
const LOGGED = 20

interface Outcome {
  readonly presented: PresentedEvent[]
  /** Those of objects that can't be presented. */
  readonly failed: WaitingEvent[]
}

/**
 * Presents events, and leaves out those of objects that can't be presented, so that one fault does not hold back the
 * whole feed.
 *
 * @param scope whose `em` is the sequencer's transaction.
 */
export async function presentWhatCanBe(
  scope: BillingScope,
  events: readonly WaitingEvent[],
  billingNow: Date,
): Promise<Outcome> {
  const present = (some: readonly WaitingEvent[]) =>
    scope.em.transactional((em) => presentEvents({ ...scope, em }, some, billingNow)) // a savepoint
  try {
    return { presented: await present(events), failed: [] }
  } catch {
    const presented: PresentedEvent[] = []
    const failed: WaitingEvent[] = []
    let faults = 0
    for (const ofObject of Map.groupBy(
      events,
      ({ object_kind, object_id }) => `${object_kind} ${object_id}`,
    ).values()) {
      try {
        presented.push(...(await present(ofObject)))
      } catch (error) {
        failed.push(...ofObject)
        faults += 1
        const { object_kind: kind, object_id: id } = ofObject[0] ?? {}
        if (faults <= LOGGED) scope.log.error({ err: error, kind, id }, 'an event can not be presented, and waits')
      }
    }
    if (faults > LOGGED) scope.log.error({ objects: faults }, 'events of more objects can not be presented, and wait')
    return { presented: presented.toSorted((one, other) => Number(one.event.seq) - Number(other.event.seq)), failed }
  }
}
