import type { Log } from '../../platform/log.ts'
import type { EventsDeps } from '../events-scope.ts'
import { POLLED_EVERY } from './sequence-events.ts'
import { waitAtMost } from './wait-at-most.ts'

/**
 * Gives events their places as soon as they are committed, until it is stopped.
 *
 * @param afterwards runs each time, also if there was none.
 */
export async function runSequencer(
  { bell, sequence }: EventsDeps,
  { log, stopping, afterwards }: { log: Log; stopping: AbortSignal; afterwards?: () => Promise<void> },
): Promise<void> {
  let sequencing: Promise<void> | undefined
  let seen = bell.rings

  async function sequenceAll(): Promise<void> {
    try {
      await sequence()
    } catch (error) {
      // A process that stops may close the database first.
      if (!stopping.aborted) log.warn({ err: error }, 'events did not get their places, and are tried again')
    } finally {
      sequencing = undefined
    }
  }

  while (!stopping.aborted) {
    if (!sequencing) {
      seen = bell.rings
      sequencing = sequenceAll()
    }
    // What has its place can be delivered, even if the next events fail, or are so many that they take minutes.
    await waitAtMost(POLLED_EVERY, sequencing)
    await afterwards?.().catch((error: unknown) =>
      log.warn({ err: error }, 'what follows the events failed, and is tried again'),
    )
    await bell.wait(seen, POLLED_EVERY, stopping)
  }
}
