import type { BillingScope } from '../../billing/index.ts'
import { presentEvents } from './present-events.ts'
import type { PresentedEvent, WaitingEvent } from './waiting-event.ts'

/**
 * Presents events, and leaves out those of objects that can't be presented, so that one fault does not hold back the
 * whole feed. They wait, in their order, and are tried again with the next ones.
 *
 * @param scope whose `em` is the sequencer's transaction.
 */
export async function presentWhatCanBe(
  scope: BillingScope,
  events: readonly WaitingEvent[],
  billingNow: Date,
): Promise<PresentedEvent[]> {
  const present = (some: readonly WaitingEvent[]) =>
    scope.em.transactional((em) => presentEvents({ ...scope, em }, some, billingNow)) // a savepoint
  try {
    return await present(events)
  } catch {
    const presented: PresentedEvent[] = []
    for (const ofObject of Map.groupBy(
      events,
      ({ object_kind, object_id }) => `${object_kind} ${object_id}`,
    ).values()) {
      try {
        presented.push(...(await present(ofObject)))
      } catch (error) {
        const { object_kind: kind, object_id: id } = ofObject[0] ?? {}
        scope.log.error({ err: error, kind, id }, 'an event can not be presented, and waits')
      }
    }
    return presented.toSorted((one, other) => Number(one.event.seq) - Number(other.event.seq))
  }
}
