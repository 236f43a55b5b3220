import type { Log } from '../../platform/log.ts'
import type { EventsDeps } from '../events-scope.ts'
import { POLLED_EVERY } from './sequence-events.ts'

/**
 * Gives events their places as soon as they are committed, until it is stopped.
 *
 * @param afterwards runs each time, also if there was none.
 */
export async function runSequencer(
  { bell, sequence }: EventsDeps,
  { log, stopping, afterwards }: { log: Log; stopping: AbortSignal; afterwards?: () => Promise<void> },
): Promise<void> {
  while (!stopping.aborted) {
    const seen = bell.rings
    // One that fails must not stop the other: what has its place can be delivered, whatever comes next.
    await sequence().catch((error: unknown) =>
      log.warn({ err: error }, 'events did not get their places, and are tried again'),
    )
    await afterwards?.().catch((error: unknown) =>
      log.warn({ err: error }, 'what follows the events failed, and is tried again'),
    )
    await bell.wait(seen, POLLED_EVERY, stopping)
  }
}
