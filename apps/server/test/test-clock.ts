import type { Clock } from '../src/platform/clock.ts'

/** The wall clock, moved ahead by the test. */
export interface TestClock extends Clock {
  advance(ms: number): void
}

export function createTestClock(): TestClock {
  let offset = 0
  return { now: () => new Date(Date.now() + offset), advance: (ms) => void (offset += ms) }
}
