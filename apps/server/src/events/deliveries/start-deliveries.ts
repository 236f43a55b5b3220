import { setImmediate as endOfTick } from 'node:timers/promises'
import { SECOND } from '../../platform/durations.ts'
import type { EventsDeps } from '../events-scope.ts'
import { runSequencer } from '../feed/run-sequencer.ts'
import type { WebhooksScope } from '../webhooks-scope.ts'
import { claimDeliveries, dueEndpoints, type ClaimedDelivery } from './claim-deliveries.ts'
import { createLane, type Lane } from './lane.ts'
import { createAttemptRecorder, releaseDeliveries } from './record-attempts.ts'
import { sendDelivery } from './send-delivery.ts'

/** Maximum requests to one endpoint at once, in each process. */
const PER_ENDPOINT = 10
/** How long running requests may go on when the process stops. */
const GRACE = 4 * SECOND

/** Delivers events in the background. */
export interface Deliveries {
  /** Waits a little for running requests, then ends them. What was not answered is sent by another process. */
  stop(): Promise<void>
}

interface DeliveryWork {
  /** Gives new events their places, and rings for them. */
  readonly events: EventsDeps
  /** Opens a scope of its own for each delivery. */
  openScope(): WebhooksScope
  readonly grace?: number
}

/**
 * Delivers events to endpoints until it is stopped. Any number of processes share the work.
 *
 * @see docs/decisions/0049-webhook-deliveries.md
 */
export function startDeliveries({ events, openScope, grace = GRACE }: DeliveryWork): Deliveries {
  const stopping = new AbortController()
  const ending = new AbortController()
  const { em, clock, log } = openScope()
  const record = createAttemptRecorder(em)
  const lanes = new Map<string, Lane>()
  const claiming = new Set<Promise<unknown>>()
  const sending = new Set<Promise<unknown>>()

  async function send(delivery: ClaimedDelivery): Promise<void> {
    const scope = openScope()
    try {
      const isDone = await sendDelivery(scope, delivery, { record, signal: ending.signal })
      if (!isDone) await releaseDeliveries(scope.em, [delivery], clock.now())
    } catch (error) {
      // The claim ends by itself, and the delivery is tried again.
      log.warn({ err: error, deliveryId: delivery.id, endpointId: delivery.endpoint.id }, 'attempt not recorded')
    }
  }

  const laneOf = (endpointId: string): Lane => {
    const lane = lanes.get(endpointId) ?? openLane(endpointId)
    lanes.set(endpointId, lane)
    return lane
  }
  const openLane = (endpointId: string): Lane =>
    createLane<ClaimedDelivery>({
      room: PER_ENDPOINT,
      take: (limit) =>
        stopping.signal.aborted
          ? Promise.resolve([])
          : kept(claiming, claimDeliveries(em.fork(), { endpointId, limit, now: clock.now() })),
      run: (delivery) => kept(sending, send(delivery)),
    })

  async function look(): Promise<void> {
    const due = await dueEndpoints(em.fork(), clock.now())
    for (const [id, lane] of lanes) if (!due.includes(id) && lane.isIdle()) lanes.delete(id)
    // No lane waits for another: one whose claim takes long holds up neither the others nor the next look.
    for (const id of due)
      void laneOf(id)
        .fill()
        .catch((error: unknown) => log.warn({ err: error, endpointId: id }, 'deliveries not claimed; tried again'))
  }

  const looking = runSequencer(events, { log, stopping: stopping.signal, afterwards: look })
  return {
    async stop() {
      stopping.abort()
      await looking
      await Promise.allSettled(claiming)
      await endOfTick() // so that what was just claimed is among what is being sent
      const timer = setTimeout(() => ending.abort(), grace)
      await Promise.all(sending)
      clearTimeout(timer)
    },
  }
}

/** Remembers a promise for as long as it runs. */
async function kept<T>(set: Set<Promise<unknown>>, promise: Promise<T>): Promise<T> {
  set.add(promise)
  try {
    return await promise
  } finally {
    set.delete(promise)
  }
}
