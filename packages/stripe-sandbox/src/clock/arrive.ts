import { emit } from '../events/emit.ts'
import { serializeTestClock } from '../resources/test-clock.ts'
import type { Account } from '../state/account.ts'
import type { Timelines } from './timelines.ts'

/** Finishes the advance of a test clock by performing all that is due on the way, also after a restart in between. */
export function arrive(account: Account, timelines: Timelines, id: string): void {
  const clock = account.testClocks.find(id)
  if (!clock || clock.target === null) return
  timelines.advanceTestClock(id, clock.target)
  account.journal.transaction(() => {
    const row = account.testClocks.patch(id, {
      frozen_time: clock.target ?? clock.frozen_time,
      status: 'ready',
      target: null,
    })
    emit(account, 'test_helpers.test_clock.ready', serializeTestClock(row))
  })
}
